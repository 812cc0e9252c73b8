const columns = Array.from({ length: 24 }, (_, index) => `.w${index + 1} { grid-column: span ${index + 1} }`).join(
  "\n",
);

export const css = `
:root { color-scheme: light }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: #f3f4f6; color: #1f2937; font: 15px/1.45 system-ui, sans-serif }
.grid { display: grid; grid-template-columns: repeat(24, 1fr); gap: .6rem; max-width: 100rem; margin: 0 auto }
${columns}
.text { padding: .5rem .25rem 0 }
.text h1 { margin: 0; font-size: 1.5rem } .text h2 { margin: .5rem 0 0; font-size: 1.2rem } .text p { margin: .15rem 0 0; color: #4b5563 }
.card { padding: .6rem .75rem; border: 1px solid #d5d9df; border-radius: .5rem; background: #fff; overflow: auto; max-height: 19rem }
.card h2, h3 { margin: 0 0 .35rem; font-size: .95rem }
img { display: block; width: 100%; height: auto }
.quiet { color: #4b5563 } a { color: #1d4ed8 }
.alarms { margin: 0; padding: 0; list-style: none; font-size: .85rem }
.alarms li { padding: .2rem .5rem; border-bottom: 1px solid #e5e7eb; overflow-wrap: anywhere }
.alarms .on { border-radius: .35rem; background: #b91c1c; color: #fff } .alarms .on a { color: #fff }
table { width: 100%; border-collapse: collapse; font-size: .85rem }
th, td { padding: .2rem .4rem; border-bottom: 1px solid #e5e7eb; text-align: left; overflow-wrap: anywhere } .number { text-align: right }
.numbers { display: flex; gap: 2rem; margin: 1rem 0 } .numbers dd { margin: 0; font-size: 2rem } .numbers dt { color: #4b5563 }
.prose { max-width: 52rem; margin: 0 auto; padding: 1rem 2rem 3rem; background: #fff } .prose pre { overflow: auto; background: #f3f4f6; padding: .75rem }
.prose table { margin: 1rem 0 } .prose, .prose p code { overflow-wrap: anywhere } .prose th, .prose td { overflow-wrap: break-word }
@media (max-width: 60rem) { .prose { padding-inline: .5rem } .prose th, .prose td { padding-inline: .25rem } }
@media (max-width: 60rem) { .grid > * { grid-column: 1 / -1 } }
`;
