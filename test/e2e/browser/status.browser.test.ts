import { describe, expect, it } from "vitest";
import type { Operator } from "../../../lambdas/views/shared/reader.ts";
import type { Template } from "../../../local/cloudformation/template.ts";
import { alterAssembly } from "../../support/process/altered-assembly.ts";
import { browserFound, flaws, named, useBrowser } from "../../support/process/browser.ts";
import { useHost } from "../../support/process/host.ts";
import { eventually } from "../../support/process/waiting.ts";

const operator: Operator = {
  name: "Example Telecom Push",
  contact: "support@example.com",
  help: "https://www.example.com/{language}/help",
  privacy: "https://www.example.com/{language}/privacy",
};

/** The stage as if stages.ts named its operator. */
function withOperator(template: Template): Template {
  const text = JSON.stringify(template);
  return JSON.parse(
    text.replaceAll('"OPERATOR":"{}"', `"OPERATOR":${JSON.stringify(JSON.stringify(operator))}`),
  ) as Template;
}

const host = useHost(async () => ({ assembly: await alterAssembly(withOperator) }));
const open = useBrowser();

describe.skipIf(!browserFound)(named("the status page in a browser"), () => {
  it("reports only registration as failing, in words, bars and a list, and the rest as working", async () => {
    const { url, faults, metrics } = host();
    await host().runSchedules(); // the canary, so that there is data about pushes
    faults.add({ service: "lambda", operation: "registration", error: "Runtime.ExitError" });
    await eventually(async () => {
      await Promise.all(Array.from({ length: 5 }, () => fetch(`${url}/push/connect`)));
      return metrics.alarms.some((alarm) => alarm.name.endsWith("-pages-fail") && metrics.isOn(alarm)) || undefined;
    });
    const { page, context, complaints } = await open(url);
    await page.goto(`${url}/push/status`);
    await page.getByText("Some parts of the service have problems.").waitFor();
    const says = async (name: string) =>
      (await page.getByRole("region", { name }).innerText()).replaceAll(/\s+/gu, " ");
    expect(await says("Registration")).toMatch(/Problems Registering a domain.* may fail.*\d % of page requests/u);
    expect(await says("Pushes")).toMatch(/^Pushes Working Pushes are going through\..*100 % of pushes went through/u);
    expect(await says("Connections")).toMatch(/^Connections Working/u);
    expect(await says("Email")).toMatch(/^Email Working.*too little data$/u);
    expect(await page.getByText("Pushes are not going through").count()).toBe(0);

    // 47 half hours without data, and the current one.
    const bars = (name: string, shade: string) => page.getByRole("region", { name }).locator(`rect.${shade}`).count();
    expect([await bars("Pushes", "none"), await bars("Pushes", "good")]).toEqual([47, 1]);
    expect([await bars("Registration", "none"), await bars("Registration", "bad")]).toEqual([47, 1]);
    expect(await bars("Email", "none")).toBe(48);
    const failures = page.getByRole("region", { name: "Registration" }).getByRole("group");
    await failures.getByText("Half hours with failures").click();
    expect(await failures.getByRole("listitem").innerText()).toMatch(/UTC: \d+(\.\d\d)? % worked$/u);
    expect(await page.locator(".axis").first().locator("span").count()).toBe(4);
    expect(await page.locator(".legend li").allInnerTexts()).toHaveLength(4);
    expect(await flaws(page)).toEqual([]);
    await page.goto(`${url}/push/status?lang=de`);
    await page.getByText("Teile des Dienstes sind gestört.").waitFor();
    expect(await flaws(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
    faults.clear();
  });
});

describe.skipIf(!browserFound)(named("the foot of every page"), () => {
  it.each([
    "connect",
    "verify?link=none",
    "manage",
    "reclaim",
    "owner",
    "status",
    "nothing",
    "admin",
    "admin/signed-out",
  ])("/push/%s names the operator, the status, help and privacy, in the page's language", async (path) => {
    const { page, context } = await open(host().url);
    for (const [language, words] of [
      ["en", ["Contact", "Status", "Help", "Privacy", "Deutsch"]],
      ["de", ["Kontakt", "Status", "Hilfe", "Datenschutz", "English"]],
    ] as const) {
      await page.goto(`${host().url}/push/${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
      const foot = page.getByRole("contentinfo");
      expect(await foot.innerText()).toContain("Example Telecom Push");
      expect(await foot.getByRole("link").allInnerTexts()).toEqual(words);
      const links = await foot.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      expect(links.slice(0, 4)).toEqual([
        "mailto:support@example.com",
        `/push/status?lang=${language}`,
        `https://www.example.com/${language}/help`,
        `https://www.example.com/${language}/privacy`,
      ]);
      expect(await flaws(page)).toEqual([]);
    }
    await context.close();
  });
});
