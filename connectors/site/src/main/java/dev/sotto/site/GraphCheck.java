package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.federation.ProtocolSettings;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.Thresholds;

/** Holds the mask graph of an offer against the colluders and dropouts that the task reckons with. Immutable. */
final class GraphCheck {
    // 0.29 * 100 is a little below 29 in binary, and a colluder too few would be counted.
    private static final double ROUNDING = 1e-9;

    private final ProtocolSettings protocol;

    GraphCheck(ProtocolSettings protocol) {
        this.protocol = protocol;
    }

    /**
     * Checks degree and threshold: on the complete graph a threshold that the colluders cannot get around, on a sparse
     * one the degree that {@link GraphParameters} finds and no lower a threshold.
     *
     * @throws RefusedStepException if they are weaker
     */
    void check(BlockOffer offer) throws RefusedStepException {
        int n = offer.getCohort().size();
        if (offer.getDegree() == 0) {
            int least = Thresholds.completeGraph(n, (int) Math.floor(protocol.colluding() * n + ROUNDING));
            checkThreshold(offer, least, n);
            return;
        }
        GraphParameters needed = needed(offer, n);
        unless(
                offer.getDegree() == needed.degree(),
                Refusal.GRAPH_TOO_WEAK,
                "block %d has %d neighbours a site; a cohort of %d needs %d"
                        .formatted(offer.getBlock(), offer.getDegree(), n, needed.degree()));
        checkThreshold(offer, needed.threshold(), needed.degree());
    }

    private GraphParameters needed(BlockOffer offer, int n) throws RefusedStepException {
        try {
            return GraphParameters.find(n, protocol.colluding(), protocol.dropout());
        } catch (IllegalArgumentException e) {
            throw new RefusedStepException(
                    Refusal.GRAPH_TOO_WEAK,
                    "block %d has a sparse graph: %s".formatted(offer.getBlock(), e.getMessage()));
        }
    }

    private static void checkThreshold(BlockOffer offer, int least, int most) throws RefusedStepException {
        unless(
                offer.getThreshold() >= least && offer.getThreshold() <= most,
                Refusal.THRESHOLD_TOO_LOW,
                "block %d has a threshold of %d; its cohort of %d needs %d to %d"
                        .formatted(
                                offer.getBlock(),
                                offer.getThreshold(),
                                offer.getCohort().size(),
                                least,
                                most));
    }
}
