package dev.sotto.quickstart.model;

import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.PrivacyUnit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** A manifest's facts in words. Stateless. */
final class Words {
    private static final int SHORT = 12;
    private static final MathContext FIGURES = new MathContext(4, RoundingMode.CEILING);

    private Words() {}

    /** The start of a hash; a dash for none. */
    static String hash(String hex) {
        return hex.isEmpty() ? "-" : hex.substring(0, Math.min(SHORT, hex.length()));
    }

    /** What was spent up to a model, never understated, and about whom that speaks. */
    static String spent(ModelManifest manifest) {
        PrivacyUnit unit = manifest.privacyUnit();
        if (unit == PrivacyUnit.NONE) {
            return "none: made of no data";
        }
        String about = unit == null ? "(unit not said)" : "per " + unit.name().toLowerCase(Locale.ROOT);
        return "%s %s at delta %s".formatted(figures(manifest.epsilon()), about, figures(manifest.delta()));
    }

    private static String figures(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(FIGURES).stripTrailingZeros();
        return Math.abs(value) >= 1e-4 ? rounded.toPlainString() : rounded.toString();
    }

    /** A size in bytes for people. */
    static String size(long bytes) {
        return bytes < 1 << 20 ? "%.1f KiB".formatted(bytes / 1024.0) : "%.1f MiB".formatted(bytes / (1024.0 * 1024));
    }
}
