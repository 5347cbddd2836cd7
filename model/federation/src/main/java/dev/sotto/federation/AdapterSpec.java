package dev.sotto.federation;

import java.io.Serializable;
import java.util.List;

/**
 * A LoRA adapter on the query and value projections of chosen encoder layers (Hu et al. 2021).
 *
 * @param rank the rank of the low-rank product, 1 to 256
 * @param alpha the scale numerator: the product is multiplied by alpha / rank
 * @param layers the adapted encoder layers, counted from zero, ascending; empty means the head alone is trained
 */
public record AdapterSpec(int rank, double alpha, List<Integer> layers) implements Serializable {
    public AdapterSpec {
        Check.require(rank >= 1 && rank <= 256, "adapter.rank", rank, "between 1 and 256");
        Check.require(alpha > 0 && alpha <= 1024, "adapter.alpha", alpha, "above 0 and at most 1024");
        layers = List.copyOf(layers);
        for (int i = 0; i < layers.size(); i++) {
            Check.require(
                    layers.get(i) >= 0 && (i == 0 || layers.get(i) > layers.get(i - 1)),
                    "adapter.layers",
                    layers,
                    "ascending layer numbers counted from zero");
        }
    }

    /** The factor in front of the low-rank product. */
    public double scaling() {
        return alpha / rank;
    }
}
