/** Style of the phones page: system fonts and colours, light and dark, from 320 px up. */
export const phonesCss = `
:root { color-scheme: light dark; --paper: #f6f7f9; --card: #fff; --ink: #1a1d23; --soft: #565e6c; --line: #dfe3ea;
  --accent: #0a58ca; --good: #0b6b3a; --good-bg: #e2f5ea; --bad: #a3141f; --bad-bg: #fde7e9; --quiet: #4a5262;
  --quiet-bg: #eceff4; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --card: #1d2026; --ink: #eceff4; --soft: #a7b0bf;
  --line: #333943;
  --accent: #8ab8ff; --good: #7fdca6; --good-bg: #123524; --bad: #ff9aa2; --bad-bg: #46161b; --quiet: #c0c8d6;
  --quiet-bg: #2a303a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
header p { margin: .25rem 0; color: var(--soft); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; align-items: center; }
button { padding: .35rem .75rem; border: 1px solid var(--accent); border-radius: 6px; background: var(--card);
  color: var(--accent); font: inherit; font-size: .875rem; cursor: pointer; }
main { display: grid; gap: 1rem; margin-top: 1.25rem; }
.phone, .empty { min-width: 0; margin: 0; padding: 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; }
h2 { margin: 0; font-size: 1.125rem; }
.app { margin-left: .25rem; padding: .1rem .5rem; border: 1px solid var(--line); border-radius: 99px;
  font-size: .8125rem; font-weight: 500; }
.token { margin: .25rem 0 0; font-size: .8125rem; color: var(--soft); word-break: break-all;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
ol { list-style: none; margin: .75rem 0 0; padding: 0; }
li { padding: .625rem 0; border-top: 1px solid var(--line); }
li:last-child { padding-bottom: 0; }
.reaction { display: flex; flex-wrap: wrap; gap: .25rem .625rem; align-items: baseline; margin: 0;
  overflow-wrap: anywhere; }
.reaction strong { padding: .05rem .55rem; border-radius: 99px; font-size: .875rem; }
.good { color: var(--good); background: var(--good-bg); }
.bad { color: var(--bad); background: var(--bad-bg); }
.quiet { color: var(--quiet); background: var(--quiet-bg); }
time { margin-left: auto; font-size: .8125rem; color: var(--soft); font-variant-numeric: tabular-nums; }
summary { width: fit-content; font-size: .875rem; color: var(--accent); cursor: pointer; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; font-size: .875rem; }
dl div { display: flex; gap: .375rem; min-width: 0; }
dt { color: var(--soft); white-space: nowrap; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 0; padding: .75rem; max-height: 24rem; overflow: auto; background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px;
  font-size: .8125rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
.more { margin: .5rem 0 0; font-size: .875rem; color: var(--soft); }
`;
