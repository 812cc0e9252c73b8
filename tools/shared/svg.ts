import * as echarts from "echarts";

/** In pixels. */
const SIZE = { width: 960, height: 320 };

/** One chart as an SVG text, drawn without a browser. */
export function svg(option: echarts.EChartsOption, size = SIZE): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "system-ui, sans-serif" }, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
