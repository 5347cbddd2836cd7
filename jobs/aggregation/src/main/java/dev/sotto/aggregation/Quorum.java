package dev.sotto.aggregation;

import java.util.List;

/**
 * When a window closes before its deadline: when all announced sites are in, or, with a buffer (Nguyen et al. 2022, "Federated
 * Learning with Buffered Asynchronous Aggregation"), as soon as enough are and no group lacks survivors.
 *
 * @param closeAfter the buffer's size; 0: none
 */
record Quorum(int closeAfter) {
    boolean isFull(RoundTerms terms, List<AcceptedUpload> accepted) {
        if (accepted.size() == terms.announced().size()) {
            return true;
        }
        return closeAfter > 0
                && accepted.size() >= closeAfter
                && terms.suffices(accepted.stream().map(AcceptedUpload::site).toList());
    }
}
