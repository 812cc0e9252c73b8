import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flat, object, synthesize } from "./synthesize.ts";

const outputsOf = (stage: string) => {
  const { outputs } = synthesize(stage);
  const value = (stack: string, name: string) => flat(object(outputs[`push-${stage}-${stack}`]?.[name])["Value"]);
  return value;
};

describe("outputs", () => {
  it("give the WebSocket API's own address beside the host name's", () => {
    const value = outputsOf("prod");
    expect(value("service", "PushUrl")).toBe("https://push.example.com/push/ws");
    expect(value("service", "SocketUrl")).toMatch(
      /^https:\/\/\$\{PbxApi\w+\}\.execute-api\.eu-central-1\.\$\{AWS::URLSuffix\}\/push$/u,
    );
    expect(value("service", "ConnectPage")).toBe("https://push.example.com/push/connect");
  });

  it("give the stage with /ws without a host name, and refer to the stage's bare URL as second choice", () => {
    const value = outputsOf("minimal");
    expect(value("service", "SocketUrl")).toMatch(/execute-api\..*\/push$/u);
    expect(value("service", "PushUrl")).toBe(`${value("service", "SocketUrl")}/ws`);
    const described = (stage: string) =>
      object(synthesize(stage).outputs[`push-${stage}-service`]?.["PushUrl"])["Description"];
    expect(described("minimal")).toBe("URL of the PBX's Push object. If the object stays offline, try SocketUrl");
    expect(described("prod")).toBe("URL of the PBX's Push object");
    expect(value("service", "Applications")).toBe("{}");
  });

  it.each(["minimal", "prod"])("say what to do after deploying stage %s", (stage) => {
    const value = outputsOf(stage)("service", "NextStep");
    expect(value).toMatch(
      new RegExp(
        `SES.*First deployment.*/push/connect.*ADMIN_URL=.* npx push-admin domains add DOMAIN.*npm run prove -- ${stage}$`,
        "u",
      ),
    );
  });

  it("give what a rebuild of endpoints needs", () => {
    const value = outputsOf("local");
    const keys = synthesize("local")
      .of("AWS::KMS::Key")
      .map(({ properties }) => properties);
    expect(keys.filter(({ KeySpec }) => KeySpec === "RSA_2048").map(({ MultiRegion }) => MultiRegion)).toEqual([true]);
    const apps = JSON.parse(value("service", "Applications")) as Record<string, string>;
    expect(Object.keys(apps)).toEqual(["ios-call", "ios", "android"]);
    expect(apps["android"]).toMatch(/\.Arn\}$/u);
    expect(value("data", "CoreTable")).toMatch(/^\$\{Core/u);
    expect(value("data", "TokenKeyArn")).toMatch(/^\$\{TokenKey\w+\.Arn\}$/u);
  });
});

describe("bundles", () => {
  it("leave nothing in the temporary directory when the process ends", () => {
    const directory = mkdtempSync(join(tmpdir(), "push-bundles-test-"));
    const script =
      'const { bundleOf } = await import("./lib/functions/shared/bundles.ts"); console.log(bundleOf("push", "lean"));';
    const said = execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      env: { ...process.env, TMPDIR: directory },
      encoding: "utf8",
    });
    expect(said).toContain(join(directory, "push-bundles-"));
    expect(readdirSync(directory).filter((name) => name.startsWith("push-bundles-"))).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});
