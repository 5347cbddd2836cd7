package dev.sotto.quickstart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Shares from 0 to 1 as a picture, over rounds or side by side; needs no display. Stateless. */
final class SharePlot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 56;
    private static final int RIGHT = 696;
    private static final int TOP = 44;
    private static final int BOTTOM = 348;
    private static final int TICKS = 5;
    private static final Color INK = new Color(0x1b1f24);
    private static final Color GRID = new Color(0xdde1e6);
    private static final List<Color> COLOURS =
            List.of(new Color(0x1f5fa8), new Color(0xb3261e), new Color(0x2e7d32), new Color(0x8e5b00));

    private SharePlot() {}

    /**
     * Curves over rounds.
     *
     * @param curves by name, each with a share for every round from 1
     */
    static BufferedImage overRounds(String title, Map<String, List<Double>> curves) {
        BufferedImage image = blank(title);
        Graphics2D g = pen(image);
        try {
            int rounds = curves.values().stream().mapToInt(List::size).max().orElse(1);
            for (int round = 1; round <= rounds; round += Math.max(1, rounds / 10)) {
                centred(g, String.valueOf(round), x(round, rounds), BOTTOM + 20);
            }
            centred(g, "round", (LEFT + RIGHT) / 2.0, HEIGHT - 10);
            int drawn = 0;
            for (Map.Entry<String, List<Double>> curve : curves.entrySet()) {
                g.setColor(COLOURS.get(drawn % COLOURS.size()));
                g.drawString(curve.getKey(), LEFT + 8 + 160 * drawn++, TOP - 6);
                g.setStroke(new BasicStroke(2));
                Path2D.Double path = new Path2D.Double();
                for (int round = 1; round <= curve.getValue().size(); round++) {
                    double y = y(curve.getValue().get(round - 1));
                    if (round == 1) {
                        path.moveTo(x(round, rounds), y);
                    } else {
                        path.lineTo(x(round, rounds), y);
                    }
                    g.fill(new Rectangle2D.Double(x(round, rounds) - 2, y - 2, 4, 4));
                }
                g.draw(path);
            }
        } finally {
            g.dispose();
        }
        return image;
    }

    /** A bar for every name. */
    static BufferedImage bars(String title, Map<String, Double> shares) {
        BufferedImage image = blank(title);
        Graphics2D g = pen(image);
        try {
            int count = shares.size();
            double step = (double) (RIGHT - LEFT) / Math.max(1, count);
            int at = 0;
            for (Map.Entry<String, Double> share : shares.entrySet()) {
                double middle = LEFT + step * (at++ + 0.5);
                double y = y(share.getValue());
                g.setColor(COLOURS.get(0));
                g.fill(new Rectangle2D.Double(middle - step * 0.3, y, step * 0.6, BOTTOM - y));
                g.setColor(INK);
                centred(g, String.format(Locale.ROOT, "%.2f", share.getValue()), middle, (int) y - 5);
                centred(g, share.getKey(), middle, BOTTOM + 20);
            }
        } finally {
            g.dispose();
        }
        return image;
    }

    /** Writes a PNG. */
    static void write(BufferedImage image, Path file) throws IOException {
        ImageIO.setUseCache(false);
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        }
    }

    private static double x(int round, int rounds) {
        return rounds == 1 ? (LEFT + RIGHT) / 2.0 : LEFT + 16 + (RIGHT - LEFT - 32.0) * (round - 1) / (rounds - 1);
    }

    private static double y(double share) {
        return BOTTOM - (BOTTOM - TOP) * Math.min(1, Math.max(0, share));
    }

    private static Graphics2D pen(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        g.setColor(INK);
        return g;
    }

    private static BufferedImage blank(String title) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = pen(image);
        try {
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, WIDTH, HEIGHT);
            FontMetrics metrics = g.getFontMetrics();
            for (int tick = 0; tick <= TICKS; tick++) {
                double share = (double) tick / TICKS;
                g.setColor(GRID);
                g.draw(new Line2D.Double(LEFT, y(share), RIGHT, y(share)));
                g.setColor(INK);
                String text = String.format(Locale.ROOT, "%.1f", share);
                g.drawString(text, LEFT - 8 - metrics.stringWidth(text), (float) y(share) + 4);
            }
            g.drawString(title, LEFT, 20);
        } finally {
            g.dispose();
        }
        return image;
    }

    private static void centred(Graphics2D g, String text, double x, int y) {
        g.drawString(text, (float) (x - g.getFontMetrics().stringWidth(text) / 2.0), y);
    }
}
