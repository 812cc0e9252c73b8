import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { stages } from "../../stages.ts";
import { flat, list, object, synthesize, text, type Synthesized } from "./synthesize.ts";

let stage: Synthesized;
beforeAll(() => {
  stage = synthesize("prod");
});

const distribution = () => object(stage.of("AWS::CloudFront::Distribution")[0]?.properties["DistributionConfig"]);
const originOf = (behavior: ReturnType<typeof object>) => {
  const origin = list(distribution()["Origins"])
    .map(object)
    .find(({ Id }) => Id === behavior["TargetOriginId"]);
  return flat(origin?.["DomainName"]);
};

describe("edge", () => {
  it("routes the paths of PBXes to the WebSocket API and everything else to the pages", () => {
    const behaviors = list(distribution()["CacheBehaviors"]).map(object);
    expect(behaviors.map(({ PathPattern }) => PathPattern)).toEqual([
      "/push/ws",
      "/push/ws/",
      "/push",
      "/push/",
      "/push/status*",
    ]);
    for (const behavior of behaviors.slice(0, 4)) {
      expect(originOf(behavior)).toMatch(/PbxApi.*\.execute-api\./u);
      // AllViewerExceptHostHeader: Sec-WebSocket-Key and similar headers are forwarded.
      expect(behavior["OriginRequestPolicyId"]).toBe("b689b0a8-53d0-40ab-baf2-68738e2966ac");
    }
    expect(originOf(object(distribution()["DefaultCacheBehavior"]))).toMatch(/PublicApi.*\.execute-api\./u);
  });

  it("caches only the status, by form and language", () => {
    const cached = list(distribution()["CacheBehaviors"]).map(object).at(-1) ?? {};
    expect(originOf(cached)).toMatch(/PublicApi.*\.execute-api\./u);
    expect(cached["AllowedMethods"]).toEqual(["GET", "HEAD"]);
    const [policy, ...others] = stage
      .of("AWS::CloudFront::CachePolicy")
      .map(({ properties }) => object(properties["CachePolicyConfig"]));
    expect(others).toEqual([]);
    expect(policy).toMatchObject({ MinTTL: 0, MaxTTL: 60 });
    const { HeadersConfig, CookiesConfig } = object(policy?.["ParametersInCacheKeyAndForwardedToOrigin"]);
    expect(object(HeadersConfig)["Headers"]).toEqual(["Accept", "Accept-Language"]);
    expect(CookiesConfig).toEqual({ CookieBehavior: "none" });
  });

  it("supports TLS 1.2 or later, IPv6, and its own name", () => {
    expect(distribution()).toMatchObject({ Aliases: ["push.example.com"], IPV6Enabled: true });
    expect(object(distribution()["ViewerCertificate"])).toMatchObject({
      MinimumProtocolVersion: "TLSv1.2_2021",
      SslSupportMethod: "sni-only",
    });
    const records = stage
      .of("AWS::Route53::RecordSet")
      .filter(({ properties }) => properties["Name"] === "push.example.com.");
    expect(records.map(({ properties }) => properties["Type"]).sort()).toEqual(["A", "AAAA"]);
  });

  /** The request or response that the viewer-request function returns. */
  const atEdge = (uri: string, headers: Readonly<Record<string, string>> = {}, method = "GET") => {
    const code = text(stage.of("AWS::CloudFront::Function")[0]?.properties["FunctionCode"]);
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
    const event = { viewer: { ip: "2001:db8::7" }, request: { method, uri, headers: sent, querystring: {} } };
    return runInNewContext(`${code};handler(event)`, { event }) as Partial<typeof event.request> & {
      readonly statusCode?: number;
    };
  };
  // CloudFront hides Upgrade and Connection from functions.
  const handshake = { "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==", "sec-websocket-version": "13" };

  it.each([
    ["/push/ws", "/push"],
    ["/push/ws/", "/push"],
    ["/push", "/push"],
    ["/push/", "/push"],
    ["/push/connect", "/push/connect"],
    ["/push/ws/x", "/push/ws/x"],
    ["/pushy", "/pushy"],
    ["/", "/"],
  ])("forwards %s as %s in a handshake, with the viewer's own address", (uri, asked) => {
    const result = atEdge(uri, { ...handshake, "x-viewer-address": "192.0.2.1:1" });
    expect(result.uri).toBe(asked);
    expect(result.headers?.["x-viewer-address"]).toEqual({ value: "2001:db8::7:0" });
  });

  it.each(["/push", "/push/"])("redirects a browser that requests %s to the Connect page", (uri) => {
    const found = { statusCode: 302, statusDescription: "Found", headers: { location: { value: "/push/connect" } } };
    for (const method of ["GET", "HEAD"]) expect(atEdge(uri, { accept: "text/html" }, method)).toEqual(found);
    expect(atEdge(uri, {}, "POST").uri).toBe("/push");
  });

  it.each(["/push/ws", "/push/ws/"])("lets the WebSocket API answer a browser that requests %s", (uri) => {
    expect(atEdge(uri, { accept: "text/html" }).uri).toBe("/push");
  });

  it("rewrites to the name of the WebSocket API's stage", () => {
    const stages = stage.of("AWS::ApiGatewayV2::Stage").map(({ properties }) => properties["StageName"]);
    expect(stages.filter((name) => name !== "$default")).toEqual(["push"]);
  });

  it("refers to certificate and firewall in us-east-1 weakly, without custom resources", () => {
    const weak = { StackName: "push-prod-global", Region: "us-east-1", OutputName: expect.any(String) as string };
    expect(object(distribution()["ViewerCertificate"])["AcmCertificateArn"]).toEqual({ "Fn::GetStackOutput": weak });
    expect(distribution()["WebACLId"]).toEqual({ "Fn::GetStackOutput": weak });
    const custom = stage.resources.filter(({ type }) => /^Custom::|CustomResource/u.test(type)).map(({ type }) => type);
    expect([...new Set(custom)].sort()).toEqual(["Custom::PlatformApplication", "Custom::TokenKey"]);
  });

  it("limits requests by address, with a higher limit for handshakes", () => {
    const rules = list(stage.of("AWS::WAFv2::WebACL")[0]?.properties["Rules"]).map(object);
    const limits = rules.map(({ Name, Statement }) => [Name, object(object(Statement)["RateBasedStatement"])["Limit"]]);
    expect(Object.fromEntries(limits)).toEqual({ Handshakes: 20_000, Pages: 2_000 });
    // An exact match: otherwise a page behind that path would have the high limit.
    const [handshakes, pages] = rules.map(({ Statement }) =>
      object(object(object(Statement)["RateBasedStatement"])["ScopeDownStatement"]),
    );
    const paths = list(object(handshakes?.["OrStatement"])["Statements"]).map((each) =>
      object(object(each)["ByteMatchStatement"]),
    );
    expect(paths.map(({ PositionalConstraint, SearchString }) => [PositionalConstraint, SearchString])).toEqual(
      ["/push/ws", "/push/ws/", "/push", "/push/"].map((path) => ["EXACTLY", path]),
    );
    expect(pages).toEqual({ NotStatement: { Statement: handshakes } });
    expect(rules.map(({ Action }) => Action)).toEqual([{ Block: {} }, { Block: {} }]);
  });

  it("does not exist without a host name", () => {
    const names = Object.keys(synthesize("minimal").texts);
    expect(names).toEqual(expect.arrayContaining(["push-minimal-data", "push-minimal-mail", "push-minimal-service"]));
    expect(names.filter((name) => /edge|global/u.test(name))).toEqual([]);
  });

  // "Moving to another Region" in docs/operate/recovery.md relies on this.
  it("can be deleted first, and its certificate created first", () => {
    const { "push-prod-edge": edge, "push-prod-global": global, ...others } = stage.needs;
    expect(edge).toEqual(["push-prod-global", "push-prod-service"]);
    expect(global).toEqual([]);
    expect(
      Object.values(others)
        .flat()
        .filter((name) => /edge|global/u.test(name)),
    ).toEqual([]);
    for (const name of Object.keys(others)) expect.soft(stage.texts[name]).not.toMatch(/push-prod-(edge|global)/u);
    // The service stack cannot remove these while the edge exists: delete the edge while the stage still has its host name.
    expect(stage.texts["push-prod-edge"]).toContain('"Fn::ImportValue": "push-prod-service:');
  });

  it("outputs the records to enter into a zone that is not ours", () => {
    const { hostedZone: _, ...elsewhere } = stages["prod"]!;
    const outputs = synthesize("prod", elsewhere).outputs;
    expect(flat(object(outputs["push-prod-edge"]?.["NextStep"])["Value"])).toMatch(
      /^push\.example\.com CNAME \$\{Distribution.*\.DomainName\}$/u,
    );
    const mail = Object.entries(outputs["push-prod-mail"] ?? {}).filter(([name]) => /^(Dkim|MailFrom)/u.test(name));
    expect(Object.fromEntries(mail.map(([name, output]) => [name, flat(object(output)["Value"])]))).toEqual({
      DkimRecord1: expect.stringMatching(/^\$\{.*TokenName1\} CNAME \$\{.*TokenValue1\}$/u) as string,
      DkimRecord2: expect.stringMatching(/^\$\{.*TokenName2\} CNAME \$\{.*TokenValue2\}$/u) as string,
      DkimRecord3: expect.stringMatching(/^\$\{.*TokenName3\} CNAME \$\{.*TokenValue3\}$/u) as string,
      MailFromMx: "bounce.example.com MX 10 feedback-smtp.eu-central-1.amazonses.com",
      MailFromTxt: 'bounce.example.com TXT "v=spf1 include:amazonses.com ~all"',
    });
  });

  it.each([
    ["the zone itself", "example.com", undefined],
    ["a subdomain of the zone", "mail.example.com", undefined],
    ["a subdomain of the zone, and MAIL FROM", "mail.example.com", "bounce.mail.example.com"],
  ])("writes the email records into our zone: %s", (_, identity, mailFromDomain) => {
    const written = synthesize("zone", {
      hostedZone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" },
      mail: { identity, from: `push@${identity}`, ...(mailFromDomain !== undefined && { mailFromDomain }) },
    });
    const records = written
      .of("AWS::Route53::RecordSet")
      .filter(({ stack }) => stack === "push-zone-mail")
      .map(({ properties: { HostedZoneId, Type, Name, ResourceRecords } }) => [
        HostedZoneId,
        Type,
        flat(Name),
        flat(list(ResourceRecords)[0]),
      ]);
    const dkim = [1, 2, 3].map((i) => [
      "Z0123456789ABCDEFGHIJ",
      "CNAME",
      expect.stringContaining(`TokenName${i}}`) as string,
      expect.stringContaining(`TokenValue${i}}`) as string,
    ]);
    const mailFrom = [
      ["Z0123456789ABCDEFGHIJ", "MX", mailFromDomain, "10 feedback-smtp.eu-central-1.amazonses.com"],
      ["Z0123456789ABCDEFGHIJ", "TXT", mailFromDomain, '"v=spf1 include:amazonses.com ~all"'],
    ];
    expect(records).toEqual([...dkim, ...(mailFromDomain === undefined ? [] : mailFrom)]);
    expect(
      Object.keys(written.outputs["push-zone-mail"] ?? {}).filter((name) => /Dkim|MailFrom|NextStep/u.test(name)),
    ).toEqual([]);
  });
});
