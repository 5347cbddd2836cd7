package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * What a site does in a round on its own data.
 *
 * @param examplesPerRound examples a site trains on in one round, taken in turn from its data; where records are protected
 *     this over the batch is the number of steps
 * @param batch examples a step; where records are protected, what their sum is divided by, about {@code samplingRate} times the
 *     records of a usual site
 * @param learningRate the rate for the LoRA tensors
 * @param headLearningRate the rate for the heads
 * @param warmupBatches batches over which the rate rises from zero
 * @param priorCorrection whether the log prior of the labels of the round's examples is added to the head's bias while training and
 *     taken out of the update, which removes most of the harm of skewed labels where a round has many steps. Of few examples
 *     it is mostly chance: false where a round has few steps, in which sites cannot drift apart anyway
 * @param proximal FedProx's mu (Li et al. 2020, equation 2): mu times the way come from the round's model is added to the
 *     gradient of every step. With AdamW it thus passes through the moments, as a term of the loss would, and is not
 *     decoupled as the weight decay is. Where records are protected it is added behind the noise. 0: none
 * @param gradientClip the L2 norm that the mean gradient of a batch is cut to, over all trained parameters together and before
 *     the proximal term is added; 0: any
 * @param decay how the rate falls behind the warm-up
 * @param weightDecay the optimizer's decay: in a step a parameter loses this share of itself times the rate. It is part of the
 *     update: beside few plain steps and an adaptive server, which brings all entries to one size, it outweighs what was learned; 0 there
 * @param earlyStop the patience of early stopping. The mean loss on rows that the site holds out, at most {@code examplesPerRound}
 *     of them, is taken before the first step and {@link #EVALUATIONS} times in the round's pass, at equal distances of whole
 *     batches. After so many in a row that are not below the lowest the pass ends, and the parameters with the lowest are
 *     the round's, be it those it started from. 0: the pass is finished and its last parameters count
 * @param optimizer what turns gradients into steps
 * @param labelShares with prior correction, by head of texts what share of the texts that the model will meet has each label, in
 *     the order of the labels; of a head that is left out as many of each. A model whose sites' priors are all taken out knows of
 *     none, and judges a rare label too often; this is the one it then has. Not in a task's canonical form if it is empty.
 */
public record TrainingSettings(
        int examplesPerRound,
        int batch,
        double learningRate,
        double headLearningRate,
        int warmupBatches,
        boolean priorCorrection,
        double proximal,
        double gradientClip,
        LearningRateDecay decay,
        double weightDecay,
        int earlyStop,
        LocalOptimizer optimizer,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<Double>> labelShares) {
    /** How often a pass that may end early looks at the rows held out. */
    public static final int EVALUATIONS = 10;

    public TrainingSettings {
        labelShares = Map.copyOf(labelShares);
        Check.require(examplesPerRound >= 1, "training.examplesPerRound", examplesPerRound, "at least 1");
        Check.require(batch >= 1 && batch <= 1024, "training.batch", batch, "between 1 and 1024");
        Check.require(learningRate > 0 && learningRate < 1, "training.learningRate", learningRate, "between 0 and 1");
        Check.require(
                headLearningRate > 0 && headLearningRate < 1,
                "training.headLearningRate",
                headLearningRate,
                "between 0 and 1");
        Check.require(warmupBatches >= 0, "training.warmupBatches", warmupBatches, "zero or more");
        Check.require(
                proximal >= 0 && proximal <= 1000,
                "training.proximal",
                proximal,
                "between 0 and 1000: 0 for no proximal term, usually 0.001 to 1");
        Check.require(
                gradientClip == 0 || gradientClip >= 1e-6 && gradientClip <= 1e6,
                "training.gradientClip",
                gradientClip,
                "0, for gradients of any norm, or between 1e-6 and 1e6, usually 1");
        Check.require(decay != null, "training.decay", "null", "none, linear or cosine, or left out");
        Check.require(optimizer != null, "training.optimizer", "null", "adamw or sgd, or left out");
        Check.require(
                weightDecay >= 0 && weightDecay <= 1,
                "training.weightDecay",
                weightDecay,
                "between 0 and 1: 0 for none, usually 0.01");
        Check.require(
                earlyStop >= 0 && earlyStop <= EVALUATIONS,
                "training.earlyStop",
                earlyStop,
                "between 0, for never, and the %d evaluations of a pass".formatted(EVALUATIONS));
    }

    /** Settings without shares of labels. */
    public TrainingSettings(
            int examplesPerRound,
            int batch,
            double learningRate,
            double headLearningRate,
            int warmupBatches,
            boolean priorCorrection,
            double proximal,
            double gradientClip,
            LearningRateDecay decay,
            double weightDecay,
            int earlyStop,
            LocalOptimizer optimizer) {
        this(
                examplesPerRound,
                batch,
                learningRate,
                headLearningRate,
                warmupBatches,
                priorCorrection,
                proximal,
                gradientClip,
                decay,
                weightDecay,
                earlyStop,
                optimizer,
                Map.of());
    }

    /** Refuses shares that are not those of the heads' labels. */
    void requireSharesOf(List<HeadSpec> heads) {
        labelShares.forEach((name, shares) -> {
            HeadSpec head = heads.stream()
                    .filter(known -> known.name().equals(name) && known.kind() == HeadKind.TEXT)
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException(
                            "training.labelShares names '%s', which is no head of texts of this task".formatted(name)));
            double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
            Check.require(
                    shares.size() == head.labels().size()
                            && shares.stream().allMatch(share -> share > 0)
                            && Math.abs(sum - 1) < 0.01,
                    "training.labelShares." + name,
                    shares,
                    "%d shares above 0 that add up to 1, in the order of %s"
                            .formatted(head.labels().size(), head.labels()));
        });
        Check.require(
                priorCorrection || labelShares.isEmpty(),
                "training.labelShares",
                labelShares,
                "left out without training.priorCorrection, which puts them in the place of a site's own");
    }

    /** The steps of a round of {@code examplesPerRound}. */
    public int stepsPerRound() {
        return (examplesPerRound + batch - 1) / batch;
    }
}
