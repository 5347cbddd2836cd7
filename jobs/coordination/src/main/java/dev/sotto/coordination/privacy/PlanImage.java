package dev.sotto.coordination.privacy;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** The curve of a plan as a picture; needs no display. Stateless. */
final class PlanImage {
    private static final Color INK = new Color(0x1b1f24);
    private static final Color GRID = new Color(0xdde1e6);
    private static final Color CURVE = new Color(0x1f5fa8);
    private static final Color BUDGET = new Color(0xb3261e);

    private PlanImage() {}

    /** Writes a PNG. */
    static void write(PlanCurve curve, Path file) throws IOException {
        ImageIO.setUseCache(false);
        try (var out = Files.newOutputStream(file)) {
            ImageIO.write(draw(curve), "png", out);
        }
    }

    static BufferedImage draw(PlanCurve curve) {
        BufferedImage image = new BufferedImage(PlanCurve.WIDTH, PlanCurve.HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, PlanCurve.WIDTH, PlanCurve.HEIGHT);
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
            axes(g, curve);
            budget(g, curve);
            line(g, curve);
        } finally {
            g.dispose();
        }
        return image;
    }

    private static void axes(Graphics2D g, PlanCurve curve) {
        FontMetrics metrics = g.getFontMetrics();
        for (int tick = 0; tick <= PlanCurve.TICKS; tick++) {
            double y = curve.y(curve.epsilonAt(tick));
            g.setColor(GRID);
            g.draw(new Line2D.Double(PlanCurve.LEFT, y, PlanCurve.RIGHT, y));
            g.setColor(INK);
            String epsilon = PlanCurve.number(curve.epsilonAt(tick));
            g.drawString(epsilon, PlanCurve.LEFT - 8 - metrics.stringWidth(epsilon), (float) y + 4);
            if (curve.labels(tick)) {
                String round = String.valueOf(curve.roundAt(tick));
                float x = (float) curve.x(curve.roundAt(tick)) - metrics.stringWidth(round) / 2f;
                g.drawString(round, x, PlanCurve.BOTTOM + 20);
            }
        }
        int middle = (PlanCurve.LEFT + PlanCurve.RIGHT) / 2;
        g.drawString("round", middle - metrics.stringWidth("round") / 2, PlanCurve.HEIGHT - 10);
        g.drawString(curve.title(), PlanCurve.LEFT, 22);
    }

    private static void budget(Graphics2D g, PlanCurve curve) {
        if (curve.showsBudget()) {
            float y = (float) curve.y(curve.budget());
            g.setColor(BUDGET);
            g.draw(new Line2D.Float(PlanCurve.LEFT, y, PlanCurve.RIGHT, y));
            g.drawString("budget " + PlanCurve.number(curve.budget()), PlanCurve.LEFT + 8, y - 5);
        }
    }

    private static void line(Graphics2D g, PlanCurve curve) {
        Path2D.Double path = new Path2D.Double();
        path.moveTo(curve.x(0), curve.y(0));
        for (int round = 1; round <= curve.epsilons().length; round++) {
            path.lineTo(curve.x(round), curve.y(curve.epsilons()[round - 1]));
        }
        g.setColor(CURVE);
        g.setStroke(new BasicStroke(2));
        g.draw(path);
    }
}
