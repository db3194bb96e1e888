"""The look of the status page: the dispatcher's own colours, light and dark as the system is."""

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--bg:#F3F5F6;--surface:#FFF;--line:#E2E6EA;--line2:#7F8A95;--text:#14191F;--text2:#434D57;
--text3:#5C6772;--accent:#1D5BB8;--ok:#14784A;--bad:#BF2A20;--warn:#8A5700;--sleep:#3D5C90;--wait:#763CA3;
--badbg:#FCE9E7;--warnbg:#FBF0DA;
--font:"Segoe UI","SF Pro Text",Roboto,"Noto Sans","DejaVu Sans Condensed",system-ui,sans-serif;
--mono:"Cascadia Mono",Consolas,"SF Mono","Roboto Mono","DejaVu Sans Mono",monospace}
@media(prefers-color-scheme:dark){:root{--bg:#0E1215;--surface:#12171B;--line:#222A31;--line2:#6C7884;--text:#D9E0E6;
--text2:#A9B4BE;--text3:#8793A0;--accent:#82B1F3;--ok:#57B988;--bad:#FF8A7E;--warn:#DBA94F;--sleep:#94AEDA;--wait:#C59CE6;
--badbg:#3A1A18;--warnbg:#33270F}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/20px var(--font);font-variant-numeric:tabular-nums}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header,main,footer{max-width:960px;margin:0 auto;padding:0 24px}
header{display:flex;gap:8px;align-items:baseline;height:48px;line-height:48px}
header b{font-size:16px}header span{color:var(--text2)}header nav{margin-left:auto;display:flex;gap:16px}
header nav b{font-size:14px}
main{background:var(--surface);border:1px solid var(--line);padding:0}
section{padding:16px 24px;border-top:1px solid var(--line)}section:first-child{border-top:0}
h1{font:600 28px/32px var(--font);margin:0 0 4px;display:flex;gap:12px;align-items:center}
h2{font:600 14px/20px var(--font);margin:0 0 12px}
p{margin:0 0 8px;max-width:72ch}p:last-child{margin-bottom:0}
.quiet{color:var(--text2)}.small{font-size:13px;color:var(--text3)}
.counts{display:flex;flex-wrap:wrap;gap:8px 32px;margin:0;padding:0;list-style:none}
.counts li{display:flex;gap:8px;align-items:baseline;color:var(--text2)}
.counts b{font:600 20px/28px var(--font);color:var(--text)}
.counts svg,td svg{align-self:center;vertical-align:-1px}
table{border-collapse:collapse;width:100%}
td{padding:6px 16px 6px 0;vertical-align:top;border-top:1px solid var(--line)}
tr:first-child td{border-top:0}
td.part{width:232px}td.state{width:152px;color:var(--text2);white-space:nowrap}
td.state.down{color:var(--bad);font-weight:600}td.state.degraded{color:var(--warn);font-weight:600}
td p{margin:0 0 2px}td b{font-weight:600}
dl{display:grid;grid-template-columns:232px 1fr;gap:6px 0;margin:0}dt{color:var(--text2)}dd{margin:0}
code{font:13px/20px var(--mono)}
pre{margin:2px 0 12px;padding:8px 12px;background:var(--bg);border:1px solid var(--line);border-radius:3px;
overflow-x:auto;font:13px/20px var(--mono)}
.note{background:var(--warnbg)}.note h2{color:var(--warn)}
.ok{fill:var(--ok)}.bad{fill:var(--bad)}.warn{fill:var(--warn)}.sleep{fill:var(--sleep)}.wait{fill:var(--wait)}
.calm{fill:var(--text3)}
footer{display:flex;height:40px;line-height:40px;font-size:13px;color:var(--text3)}
@media(max-width:700px){header,footer{padding:0 16px}section{padding:16px}main{border-left:0;border-right:0}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
td{display:block;border:0;padding:0 0 4px}td.part,td.state{width:auto}
tr{display:block;padding:8px 0;border-top:1px solid var(--line)}
tr:first-child{border-top:0}}
"""
