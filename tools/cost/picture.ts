import { panelsSvg } from "../shared/panels.ts";
import type { CostReport } from "./report.ts";

/** The bill by service, beside that of a container host where it has prices, and what the levers save. */
export function costPicture({ bill, container, levers, fleet, region }: CostReport): string | undefined {
  const services = [...new Set([...bill.services, ...(container?.bill.services ?? [])].map(([service]) => service))];
  const usd = (of: readonly (readonly [service: string, usd: number])[]) =>
    services.map((service) => of.find(([name]) => name === service)?.[1] ?? 0);
  return panelsSvg([
    {
      title: `USD a month, ${fleet.pbxes.toLocaleString("en-US")} PBXes, ${region}`,
      x: services,
      series: {
        "as built": usd(bill.services),
        ...(container !== undefined && { "container host": usd(container.bill.services) }),
      },
    },
    {
      title: "What a lever saves, USD a month",
      x: levers.map(({ name }) => name),
      series: { saves: levers.map(({ saves }) => saves) },
    },
  ]);
}
