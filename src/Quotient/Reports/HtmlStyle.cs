namespace Quotient.Reports;

/// <summary>The page's style sheet: plain text for a <c>style</c> element, without &lt; and &amp;.</summary>
internal static class HtmlStyle
{
    /// <summary>Colours, type, layout, tables, paper.</summary>
    public const string Page = """

        :root {
          color-scheme: light dark;
          --paper: #fdfdfb; --ink: #191c20; --soft: #565e67; --line: #d9dcdf; --grid: #ebedee; --raised: #f4f5f3;
          --blue: #2458a6; --rust: #ad3f17; --amber: #8a5a00; --teal: #0a7468;
          --violet: #7a3fa8; --olive: #5f6b12; --rose: #b02a63;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --paper: #15181c; --ink: #e7e9ec; --soft: #a2abb5; --line: #3a4149; --grid: #262b31; --raised: #1e2328;
            --blue: #82b1ff; --rust: #ff9b73; --amber: #eabb52; --teal: #5fd0c0;
            --violet: #c9a2f5; --olive: #c3cf6a; --rose: #ff92b8;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--paper); color: var(--ink); font-size: 16px; line-height: 1.5;
          font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
          font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
        }
        main { max-width: 928px; margin: 0 auto; padding: 48px 24px 64px; }
        h1 { font-size: 36px; line-height: 1.15; letter-spacing: -0.015em; font-weight: 650; margin: 4px 0 12px; }
        h2 { font-size: 20px; line-height: 1.3; font-weight: 650; margin: 0 0 4px; }
        h3 { font-size: 14px; font-weight: 600; margin: 8px 0 0; overflow-wrap: anywhere; }
        section { margin-top: 48px; }
        figure { margin: 0; }
        .eyebrow { margin: 0; color: var(--soft); font-size: 14px; }
        .subject { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
        .subject strong { color: var(--ink); font-weight: 600; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); gap: 20px; margin: 32px 0 0;
          padding: 20px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        .tile dt { color: var(--soft); font-size: 13px; }
        .tile dd { margin: 0; }
        .tile .big { font-size: 22px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; white-space: nowrap; }
        .tile .small { color: var(--soft); font-size: 13px; min-height: 1.5em; }
        .tile.open .small { color: var(--amber); font-weight: 600; }
        .warning { margin: 20px 0 0; padding: 10px 14px; font-size: 14px;
          border-left: 3px solid var(--amber); background: var(--raised); }
        figcaption, .note { color: var(--soft); font-size: 14px; margin: 8px 0 0; max-width: 70ch; }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 20px; list-style: none; margin: 0 0 4px; padding: 0;
          color: var(--soft); font-size: 13px; }
        .legend li { display: flex; align-items: center; gap: 7px; }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 20px; }
        .tables { display: grid; grid-template-columns: 1fr 1fr; gap: 0 40px; align-items: start; }
        .scroll { overflow-x: auto; grid-column: span 2; }
        .scroll.half { grid-column: span 1; }
        table { border-collapse: collapse; width: 100%; margin-top: 20px; font-size: 14px; }
        caption { text-align: left; font-weight: 600; padding: 0 0 4px; }
        th, td { padding: 5px 14px 5px 0; text-align: left; border-bottom: 1px solid var(--grid); vertical-align: top; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-weight: 500; font-size: 13px; border-bottom-color: var(--line); }
        tbody th { min-width: 7ch; font-weight: 400; overflow-wrap: break-word; }
        .number + .word { padding-left: 10px; }
        .number { text-align: right; white-space: nowrap; }
        td.open { color: var(--amber); font-weight: 600; }
        pre { margin: 8px 0 16px; padding: 14px 16px; background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
          white-space: pre-wrap; overflow-wrap: anywhere; font-size: 14px; }
        code span { display: inline-block; max-width: 100%; }
        code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        .again dl { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 0; font-size: 14px; }
        .again dt { color: var(--soft); font-size: 13px; }
        .again dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 640px) {
          main { padding: 28px 16px 40px; }
          h1 { font-size: 28px; }
          .pair, .tables { grid-template-columns: 1fr; }
          .scroll { grid-column: span 1; }
          .tiles { grid-template-columns: 1fr 1fr; }
        }
        @page { size: A4; margin: 16mm; }
        @media print {
          body { font-size: 10pt; background: none; }
          main { max-width: none; padding: 0; }
          h1 { font-size: 22pt; }
          h2 { font-size: 13pt; }
          section { margin-top: 9mm; }
          figure, tr, pre, .tiles, .warning, .again, .scroll { break-inside: avoid; }
          h2, h3, caption { break-after: avoid; }
          thead { display: table-header-group; }
          .tile .big { font-size: 15pt; }
          .tiles { grid-template-columns: repeat(3, 1fr); gap: 3mm 6mm; margin-top: 6mm; padding: 4mm 0; }
          .tile dt, .tile .small, .legend, figcaption, .note, table, thead th, pre, .again dl, .again dt { font-size: 8.5pt; }
          .legend, .chart { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        }

        """;

    /// <summary>The charts' marks.</summary>
    public const string Charts = """
        .chart { display: block; width: 100%; height: auto; overflow: visible; }
        .chart.narrow { display: none; }
        .chart.swatch { width: 26px; flex: none; }
        .chart.swatch.dot { width: 14px; }
        @media screen and (max-width: 640px) {
          .chart.wide { display: none; }
          .chart.narrow { display: block; }
        }
        .chart text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .chart .value { fill: var(--ink); font-weight: 600; font-size: 13px; }
        .chart .name { fill: var(--ink); font-size: 13px; }
        .strong .name { font-weight: 600; }
        .chart line, .chart path { fill: none; stroke-width: 1; }
        .grid { stroke: var(--grid); }
        .rule, .zero { stroke: var(--soft); }
        .chart .gap { stroke-dasharray: 2 5; }
        .blue { --hue: var(--blue); }
        .rust { --hue: var(--rust); }
        .teal { --hue: var(--teal); }
        .violet { --hue: var(--violet); }
        .olive { --hue: var(--olive); }
        .rose { --hue: var(--rose); }
        .mark.open { --hue: var(--amber); }
        .chart .stem { stroke: var(--hue); stroke-width: 1.5; }
        .chart .bar { stroke: var(--ink); stroke-width: 1.25; }
        .point { fill: var(--hue); stroke: var(--paper); stroke-width: 0.75; }
        .open .point { fill: var(--paper); stroke: var(--hue); stroke-width: 2; }
        .open .stem { stroke-dasharray: 3 3; }
        .datum:hover .point { stroke: var(--ink); stroke-width: 1.5; }
        .chart .curve { stroke: var(--hue); stroke-width: 1.5; stroke-linejoin: round; }
        .chart .area { fill: var(--hue); fill-opacity: 0.13; }
        .chart .band { fill: var(--hue); fill-opacity: 0.25; }
        .chart .reference { stroke: var(--soft); stroke-dasharray: 5 4; }
        .chart .rug { stroke: var(--ink); stroke-opacity: 0.55; }
        .cells .field { fill: var(--hue); }
        .missing .field { fill: none; stroke: var(--grid); }
        .cell:hover .field { stroke: var(--ink); stroke-width: 1.5; }
        .chart .small { fill: var(--ink); font-size: 11px; }
        .chart .deep { fill: var(--paper); }
        .dashed .curve { stroke-dasharray: 6 4; }

        """;
}
