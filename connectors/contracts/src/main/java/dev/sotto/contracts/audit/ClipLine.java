package dev.sotto.contracts.audit;

import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.federation.EncodingSettings;

/**
 * Follows the clip norm from round to round: the task's own, or where the task lets it follow the updates, what each result
 * leads to. Not thread-safe.
 */
final class ClipLine {
    private final EncodingSettings encoding;
    private final Findings findings;
    private double clipNorm;
    private boolean known = true;

    ClipLine(EncodingSettings encoding, Findings findings) {
        this.encoding = encoding;
        this.findings = findings;
        this.clipNorm = encoding.clipNorm();
    }

    /** Checks an opening. */
    void opened(RoundOpen open) {
        if (known || encoding.adaptive() == null) {
            findings.same(Rule.ROUND_SETTINGS, "clipNorm", clipNorm, open.getClipNorm());
        }
        known = true;
        clipNorm = open.getClipNorm();
    }

    /** Takes a result. */
    void made(RoundResult result) {
        try {
            clipNorm = encoding.clipAfter(clipNorm, result.getUnclipped());
        } catch (IllegalArgumentException e) {
            findings.add(
                    Rule.RESULT,
                    encoding.adaptive() == null ? "no share of unclipped updates" : "a share of unclipped updates",
                    String.valueOf(result.getUnclipped()));
            known = false;
        }
    }

    /** Records are missing: the next opening is believed. */
    void lost() {
        known = false;
    }
}
