import { renderToString } from "preact-render-to-string";
import { histogramSvg, latencySvg, loadSvg } from "./charts.ts";
import { machineLine } from "../../shared/machine.ts";
import type { FleetReport } from "./report.ts";
import { rows, verdict } from "./rows.ts";

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
  table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; overflow-wrap: anywhere }
  th { white-space: nowrap } .broken { color: #b91c1c } .good { color: #15803d } figure { margin: 2rem 0 } svg { max-width: 100%; height: auto }`;

function Chart({ title, svg }: { readonly title: string; readonly svg: string }) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div dangerouslySetInnerHTML={{ __html: svg }} />
    </figure>
  );
}

function Page({ report }: { readonly report: FleetReport }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{`Fleet ${report.startedAt}`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <h1>Fleet against {report.target}</h1>
        <p>
          {report.startedAt}, {report.seconds.toFixed(0)} s, on {machineLine(report.machine)}
        </p>
        <p class={report.broken.length === 0 ? "good" : "broken"}>{verdict(report)}</p>
        <table>
          {rows(report).map(([name, value]) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </table>
        <Chart title="Posts by time to result (ms, logarithmic)" svg={histogramSvg(report)} />
        <Chart title="Time to result over the run" svg={latencySvg(report)} />
        <Chart title="Load over the run" svg={loadSvg(report)} />
      </body>
    </html>
  );
}

/** The report as one HTML page that needs nothing else: no script, no network. */
export const fleetPage = (report: FleetReport): string => `<!doctype html>${renderToString(<Page report={report} />)}`;
