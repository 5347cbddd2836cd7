package dev.sotto.scoring;

import dev.sotto.bert.Scorer;
import dev.sotto.bert.TextPair;
import dev.sotto.bert.Variant;
import dev.sotto.federation.Checkpoint;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a model in the arithmetic that it shall serve in: the one that is wanted if on the rule's rows it is right nearly as
 * often as single precision, else that. Whether it is depends on the model and on the processor, so every model is held
 * to it where it is accepted.
 */
final class VariantGate {
    /** The share of rows by which the wanted arithmetic may be less often right. */
    static final double LOSS = 0.005;

    private static final Logger LOG = LoggerFactory.getLogger(VariantGate.class);

    private final VariantRule rule;
    private final int head;
    private final List<TextPair> texts;

    VariantGate(VariantRule rule, int head) {
        this.rule = rule;
        this.head = head;
        this.texts = rule.rows().stream().map(row -> TextPair.of(row.text())).toList();
    }

    /** Compiles the model; what is returned is the caller's to close. */
    SharedScorers.Lease open(Checkpoint checkpoint) throws IOException {
        Variant wanted = rule.wanted();
        SharedScorers.Lease single = SharedScorers.open(checkpoint, Variant.FP32);
        if (wanted == Variant.FP32) {
            return single;
        }
        SharedScorers.Lease coarse = null;
        boolean good = false;
        try {
            coarse = SharedScorers.open(checkpoint, wanted);
            int right = right(coarse.scorer());
            int reference = right(single.scorer());
            good = reference - right <= LOSS * texts.size();
            LOG.info(
                    "version {} serves in {}: of {} rows {} judges {} right and FP32 {}",
                    checkpoint.manifest().version(),
                    good ? wanted : Variant.FP32,
                    texts.size(),
                    wanted,
                    right,
                    reference);
            return good ? coarse : single;
        } catch (IOException | RuntimeException e) {
            single.close();
            throw e;
        } finally {
            if (good) {
                single.close();
            } else if (coarse != null) {
                coarse.close();
            }
        }
    }

    private int right(Scorer scorer) {
        float[][] probabilities = scorer.probabilities(head, texts);
        int right = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int label = rule.rows().get(i).label();
            boolean largest = true;
            for (int other = 0; other < probabilities[i].length; other++) {
                largest &= other == label || probabilities[i][other] < probabilities[i][label];
            }
            right += largest ? 1 : 0;
        }
        return right;
    }
}
