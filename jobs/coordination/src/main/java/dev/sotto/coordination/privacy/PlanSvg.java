package dev.sotto.coordination.privacy;

import java.util.Locale;

/** The curve of a plan as SVG, and the whole plan as one HTML page that needs nothing else. Stateless. */
final class PlanSvg {
    private PlanSvg() {}

    static String page(NoisePlan plan) {
        PlanText text = new PlanText(plan);
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Privacy plan of ")
                .append(escaped(plan.task().task()))
                .append(
                        "</title>\n<style>body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
                                + "color:#1b1f24;background:#fff}td,th{padding:.15rem .9rem .15rem 0;text-align:left;vertical-align:top}"
                                + ".n{text-align:right;font-variant-numeric:tabular-nums}.w{border-left:4px solid #b3261e;"
                                + "padding:.3rem .8rem;background:#fbeceb}svg{width:100%;height:auto}</style></head><body>\n<h1>Privacy plan of ")
                .append(escaped(plan.task().task()))
                .append("</h1>\n<p><strong>")
                .append(escaped(plan.statement(plan.rounds()).sentence()))
                .append("</strong></p>\n");
        plan.warnings()
                .forEach(warning ->
                        page.append("<p class=\"w\">").append(escaped(warning)).append("</p>\n"));
        page.append("<table>");
        text.facts().forEach(fact -> page.append("<tr><th>")
                .append(escaped(fact[0]))
                .append("</th><td>")
                .append(escaped(fact[1]))
                .append("</td></tr>\n"));
        page.append("</table>\n").append(svg(PlanCurve.of(plan)));
        page.append("\n<table><tr><th class=\"n\">round</th><th class=\"n\">epsilon</th></tr>\n");
        for (int round : text.rows()) {
            page.append("<tr><td class=\"n\">%d</td><td class=\"n\">%s</td></tr>%n"
                    .formatted(round, Figures.atMost(plan.epsilonAfter(round))));
        }
        return page.append("</table>\n</body></html>\n").toString();
    }

    static String svg(PlanCurve curve) {
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\"><title>%s</title>",
                PlanCurve.WIDTH,
                PlanCurve.HEIGHT,
                escaped(curve.title()));
        for (int tick = 0; tick <= PlanCurve.TICKS; tick++) {
            double y = curve.y(curve.epsilonAt(tick));
            add(svg, "<path d=\"M%d %.1fH%d\" stroke=\"#dde1e6\"/>", PlanCurve.LEFT, y, PlanCurve.RIGHT);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    PlanCurve.LEFT - 8,
                    y + 4,
                    PlanCurve.number(curve.epsilonAt(tick)));
            if (curve.labels(tick)) {
                int round = curve.roundAt(tick);
                add(
                        svg,
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                        curve.x(round),
                        PlanCurve.BOTTOM + 20,
                        round);
            }
        }
        if (curve.showsBudget()) {
            add(
                    svg,
                    "<path d=\"M%d %.1fH%d\" stroke=\"#b3261e\" stroke-dasharray=\"6 4\"/>",
                    PlanCurve.LEFT,
                    curve.y(curve.budget()),
                    PlanCurve.RIGHT);
            add(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" fill=\"#b3261e\">budget %s</text>",
                    PlanCurve.LEFT + 8,
                    curve.y(curve.budget()) - 5,
                    PlanCurve.number(curve.budget()));
        }
        svg.append("<polyline fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"2\" points=\"");
        add(svg, "%.1f,%.1f", curve.x(0), curve.y(0));
        for (int round = 1; round <= curve.epsilons().length; round++) {
            add(svg, " %.1f,%.1f", curve.x(round), curve.y(curve.epsilons()[round - 1]));
        }
        svg.append("\"/>");
        add(svg, "<text x=\"%d\" y=\"22\" font-weight=\"bold\">%s</text>", PlanCurve.LEFT, escaped(curve.title()));
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">round</text></svg>",
                (PlanCurve.LEFT + PlanCurve.RIGHT) / 2,
                PlanCurve.HEIGHT - 10);
        return svg.toString();
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
