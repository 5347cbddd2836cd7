package dev.sotto.federation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.privacy.accounting.PrivacyTarget;
import dev.sotto.secagg.TaskId;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A federated task: what is trained, how a round runs and what it promises. Sites and coordination each hold the file;
 * its {@link #sha256()} travels in every block offer, so that nobody trains under other terms than it was shown.
 *
 * @param task the task's id
 * @param base the base model
 * @param columns what the sites' texts are called
 * @param heads what the model judges
 * @param statistics columns of numbers to be counted and averaged beside
 * @param maxTokens tokens a text is cut to
 */
public record TaskDefinition(
        String task,
        BaseSpec base,
        ColumnNames columns,
        List<HeadSpec> heads,
        List<StatisticSpec> statistics,
        int maxTokens,
        AdapterSpec adapter,
        TrainingSettings training,
        RoundSettings rounds,
        ProtocolSettings protocol,
        EncodingSettings encoding,
        ServerSettings server,
        RobustSettings robust,
        PrivacySettings privacy) {
    public TaskDefinition {
        ModelDesign design = new ModelDesign(adapter, heads, statistics, maxTokens);
        heads = design.heads();
        statistics = design.statistics();
        new TaskId(task);
        int parameters = ParameterLayout.of(design, base.shape()).size();
        new ChunkLayout(parameters, encoding.chunkEntries(), privacy.distributed());
        Check.require(
                statistics.isEmpty() || privacy.record() == null,
                "statistics",
                "given",
                "left out where records are protected: a site would put its exact counts and means into its update");
        Check.require(
                statistics.isEmpty() || training.earlyStop() == 0,
                "training.earlyStop",
                training.earlyStop(),
                "0 where there are statistics: they are of all of a round's rows, and a site's weight would be of fewer");
        Check.require(
                statistics.isEmpty()
                        || server.optimizer() == OptimizerKind.FED_AVG
                                && server.learningRate() == 1
                                && server.decay() == LearningRateDecay.NONE,
                "server",
                server,
                "fedavg with learningRate 1 where there are statistics, which another step would lead past the mean");
        training.requireSharesOf(heads);
        boolean adapts = encoding.adaptive() != null;
        Check.require(
                !adapts || privacy.record() == null,
                "encoding.adaptive",
                "given",
                "left out where records are protected: a sum has no noise of its own there, and would tell the exact share of sites whose update was clipped");
        Check.require(
                !adapts || robust.groups() == 1,
                "robust.groups",
                robust.groups(),
                "1 with encoding.adaptive: a liar's bit would steer the clip norm of all, and no median of groups holds it");
        Check.require(
                !adapts || rounds.maxStaleness() == 0,
                "rounds.maxStaleness",
                rounds.maxStaleness(),
                "0 with encoding.adaptive: a late update was not made for the clip norm of the round it is sent in");
        Check.require(
                encoding.tally() == null || privacy.record() == null,
                "encoding.tally",
                "given",
                "left out where records are protected: no noise covers what it tells of the rows held out");
        Check.require(
                !privacy.distributed() || rounds.closeAfter() == 0,
                "rounds.closeAfter",
                rounds.closeAfter(),
                "0 where sites add the noise: a sum of the first uploads would lack that of the others");
        Check.require(
                !privacy.distributed() || robust.groups() == 1,
                "robust.groups",
                robust.groups(),
                "1 where sites add the noise: dropouts could all be of one group, whose sum would lack theirs");
        Check.require(
                privacy.record() == null || !training.priorCorrection(),
                "training.priorCorrection",
                training.priorCorrection(),
                "false where records are protected: it adds the exact shares of a site's labels to its update");
        Check.require(
                privacy.record() == null || training.gradientClip() == 0,
                "training.gradientClip",
                training.gradientClip(),
                "0 where records are protected: each record's gradient is clipped there to privacy.record.clipNorm, and the noise is made for that norm; lower that instead");
        Check.require(
                privacy.record() == null || training.earlyStop() == 0,
                "training.earlyStop",
                training.earlyStop(),
                "0 where records are protected: when it stops tells of the rows held out, and no noise covers that; lower training.examplesPerRound instead");
        Check.require(
                !privacy.removal() || protocol.dropout() > 0,
                "privacy.removal",
                true,
                "false where protocol.dropout is 0: there is no noise for dropouts then that could be taken off");
    }

    /** Reads a task file; what it leaves out is as {@code TaskDefinition.defaults.yaml} says. */
    public static TaskDefinition read(Path file) {
        return StrictYaml.read(file, TaskDefinition.class);
    }

    /** The typed id. */
    @JsonIgnore
    public TaskId id() {
        return new TaskId(task);
    }

    /** What is trained on the base model. */
    @JsonIgnore
    public ModelDesign design() {
        return new ModelDesign(adapter, heads, statistics, maxTokens);
    }

    /** The layout of the trained parameters. */
    @JsonIgnore
    public ParameterLayout layout() {
        return ParameterLayout.of(design(), base.shape());
    }

    /** How the trained parameters lie in chunks, behind them the sites' tally and the bit of an adaptive clip. */
    @JsonIgnore
    public ChunkLayout chunks() {
        int bit = encoding.adaptive() == null ? 0 : 1;
        return new ChunkLayout(layout().size() + tally().size() + bit, encoding.chunkEntries(), privacy.distributed());
    }

    /** How a site's judgements by class are encoded. */
    @JsonIgnore
    public TallyCodec tally() {
        TallySettings told = encoding.tally();
        return told == null
                ? new TallyCodec(List.of(), 1, 0)
                : new TallyCodec(heads, told.judged(), told.share() * encoding.clipNorm() * encoding.scale());
    }

    /** How a site's metrics are encoded. */
    @JsonIgnore
    public MetricsCodec metrics() {
        double points =
                encoding.metricsShare() * encoding.delta2(chunks().dimension()) / Math.sqrt(RoundMetrics.ENTRIES);
        return new MetricsCodec(training.examplesPerRound(), heads, (int) Math.min(1 << 20, points));
    }

    /** The L2 sensitivity of a sum to one site, in lattice units: of its update and its metrics together. */
    @JsonIgnore
    public double delta2() {
        return Math.hypot(encoding.delta2(chunks().dimension()), metrics().norm());
    }

    /**
     * The standard deviation in lattice units of the noise that a sum has, or where sites add it has at least; 0 where they
     * add it as they train.
     */
    @JsonIgnore
    public long sigma() {
        return privacy.record() == null ? privacy.sigma(delta2()) : 0;
    }

    /** The noise of a step of training, where records are protected. */
    @JsonIgnore
    public Optional<RecordNoise> recordNoise() {
        return Optional.ofNullable(privacy.record())
                .map(record -> new RecordNoise(
                        record.samplingRate(), record.clipNorm(), layout().size(), privacy.noiseMultiplier()));
    }

    /**
     * What all releases together may cost.
     *
     * @throws ConfigurationException if no release, however noisy, fits
     */
    @JsonIgnore
    public PrivacyBudget budget() {
        try {
            return PrivacyBudget.ofEpsilon(privacy.budgetEpsilon(), privacy.delta(), largestOrder());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("privacy.budgetEpsilon is %s at privacy.delta %s: %s"
                    .formatted(privacy.budgetEpsilon(), privacy.delta(), e.getMessage()));
        }
    }

    /** The largest order that {@link #rho()} holds at. */
    private int largestOrder() {
        PrivacyTarget target = new PrivacyTarget(privacy.budgetEpsilon(), privacy.delta());
        return recordNoise()
                .map(noise -> noise.mechanism().suitableLargestOrder(target))
                .orElse(PrivacyBudget.ALL_ORDERS);
    }

    /**
     * What one release costs, in the currency of {@link #budget()}, the same however many sites are in it. Where records are protected:
     * what the steps of a round cost a record, which is at one site. Where noise is taken off: for the epsilons within the task's budget.
     *
     * @throws ConfigurationException if sites add the noise and it is too small to be shared
     */
    @JsonIgnore
    public double rho() {
        Optional<RecordNoise> recordNoise = recordNoise();
        if (recordNoise.isPresent()) {
            return training.stepsPerRound() * recordNoise.get().mechanism().rho(largestOrder());
        }
        if (privacy.removal()) {
            return NoiseComponents.rho(sigma(), delta2(), chunks().dimension() + RoundMetrics.ENTRIES, budget());
        }
        return privacy.distributed()
                ? NoiseShare.rho(sigma(), delta2(), chunks().dimension() + RoundMetrics.ENTRIES)
                : privacy.rho(delta2());
    }

    /**
     * What each of so many sites announced for one sum adds, where sites add the noise.
     *
     * @throws ConfigurationException if that is less than the sum of their noise needs to be as charged
     */
    public NoiseShare noiseShare(int announced) {
        return NoiseShare.of(announced, protocol, sigma());
    }

    /**
     * The noise of each of so many sites announced for one sum, in the parts in which it can be taken off, where the task says so.
     *
     * @throws ConfigurationException if it does not, or as {@link #noiseShare}, or if sigma is too large
     */
    public NoiseComponents noiseComponents(int announced) {
        Check.require(privacy.removal(), "privacy.removal", privacy.removal(), "true to take noise off");
        return NoiseComponents.of(noiseShare(announced), sigma());
    }

    /**
     * The noise that the sum of so many of the announced sites has when all is well, as a standard deviation in lattice units.
     *
     * @throws ConfigurationException as {@link #noiseShare}
     */
    public double sumSigma(int announced, int survivors) {
        if (!privacy.distributed()) {
            return sigma();
        }
        return privacy.removal()
                ? Math.sqrt(noiseComponents(announced).remaining(announced - survivors))
                : noiseShare(announced).sumSigma(survivors);
    }

    /**
     * The fewest survivors that a sum of so many announced sites may be released with: where sites add the noise, as many as
     * carry the whole of it.
     */
    public int leastSurvivors(int announced) {
        return privacy.distributed()
                ? Math.max(rounds.minSurvivors(), noiseShare(announced).leastSurvivors())
                : rounds.minSurvivors();
    }

    /**
     * Refuses parameters that cannot work with so many sites: under which the sum of their updates and the noise could leave the ring, in the
     * worst case where the noise is added to the sum and by {@link ScaleFinder#DEVIATIONS} standard deviations where sites add it to rotated
     * updates; or under which noise and not the updates would steer an adaptive clip.
     *
     * @throws ConfigurationException naming the numbers
     */
    public void requireWorkable(int sites) {
        requireSteeredClip(sites);
        if (!privacy.distributed()) {
            encoding.requireNoOverflow(sites, chunks().dimension(), sigma());
            return;
        }
        long sigma = sigma();
        for (int announced = rounds.minSurvivors(); announced < sites; announced++) {
            NoiseShare.of(announced, protocol, sigma);
        }
        NoiseShare share = NoiseShare.of(sites, protocol, sigma);
        if (privacy.removal()) {
            NoiseComponents.of(share, sigma);
        }
        double fits = scales(sites).scale(encoding.ringBits());
        Check.require(
                encoding.scale() <= fits,
                "encoding.scale",
                encoding.scale(),
                "at most %.6g, for sums of %d sites in a ring of %d bits: lower it, or widen encoding.ringBits"
                        .formatted(fits, sites, encoding.ringBits()));
        Check.require(
                encoding.scale() >= scales(sites).coarsest(),
                "encoding.scale",
                encoding.scale(),
                "at least %.6g, or rounding makes updates much longer: raise it"
                        .formatted(scales(sites).coarsest()));
        double metricsReach = (double) sites * metrics().unit() + EncodingSettings.NOISE_TAIL * share.sumSigma(sites);
        Check.require(
                metricsReach < Math.scalb(1.0, encoding.ringBits() - 1),
                "the sum of metrics of %d sites and its noise".formatted(sites),
                metricsReach,
                "below half of the ring: lower encoding.metricsShare or encoding.scale, or widen encoding.ringBits");
    }

    private void requireSteeredClip(int sites) {
        AdaptiveClip adaptive = encoding.adaptive();
        if (adaptive == null) {
            return;
        }
        double bound = encoding.clipNorm() * encoding.scale();
        int least = leastSurvivors(sites);
        Check.require(
                adaptive.noise(bound, sigma(), least) <= AdaptiveClip.MOST_NOISE,
                "encoding.adaptive",
                adaptive,
                "left out here: in a sum of %d survivors the noise on the share of unclipped updates has a standard deviation of %.2f, above %s, and would steer the clip norm; it takes %d survivors (rounds.minSurvivors, and as many more sites). Raise that or encoding.adaptive.share, or keep encoding.clipNorm fixed"
                        .formatted(
                                least,
                                adaptive.noise(bound, sigma(), least),
                                AdaptiveClip.MOST_NOISE,
                                adaptive.leastSites(bound, sigma())));
    }

    /**
     * The standard deviation of the released share of unclipped updates, among so many sites of which all survive; empty where
     * the clip norm stays.
     */
    public OptionalDouble clipNoise(int sites) {
        AdaptiveClip adaptive = encoding.adaptive();
        return adaptive == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        adaptive.noise(encoding.clipNorm() * encoding.scale(), sumSigma(sites, sites), sites));
    }

    /**
     * The standard deviation in judgements of each released count by class, among so many sites of which all survive; empty where
     * they are not told.
     */
    public OptionalDouble tallyNoise(int sites) {
        return encoding.tally() == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(tally().noise(sumSigma(sites, sites)));
    }

    /** The scales that suit sums of so many sites, where sites add the noise. */
    public ScaleFinder scales(int sites) {
        ChunkLayout chunks = chunks();
        return new ScaleFinder(
                sites,
                encoding.clipNorm(),
                noiseShare(sites).localSigma() / encoding.scale(),
                chunks.dimensionOf(chunks.chunks() - 1),
                chunks.dimension());
    }

    /**
     * The groups that a round with so many announced sites is summed in: as many as the task wants, but only as many as
     * keep {@code minSurvivors} sites each after the dropouts that the task expects.
     */
    public int groups(int announced) {
        int room = (int) (announced * (1 - protocol.dropout()) / rounds.minSurvivors());
        return Math.max(1, Math.min(robust.groups(), room));
    }

    /**
     * The fewest sites that a round may announce or sum. On the complete graph as many as give a secret back; on a sparse one
     * no more may be missing than the task expects, or what is left of the graph need not hang together, and nor may they
     * where sites add the noise, or the sum lacks some.
     *
     * @param cohort sites that were offered the block
     * @param threshold shares that give a secret back
     */
    public int leastSites(int cohort, int threshold, boolean completeGraph) {
        int least = Math.max(rounds.minSurvivors(), threshold);
        // A product that ought to be whole can be a little less in binary.
        int expectedDropouts = (int) Math.floor(protocol.dropout() * cohort + 1e-9);
        return completeGraph && !privacy.distributed() ? least : Math.max(least, cohort - expectedDropouts);
    }

    /** SHA-256 of the definition in canonical JSON: independent of comments and layout of the file. */
    @JsonIgnore
    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(new ObjectMapper().writeValueAsBytes(this));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot hash task " + task, e);
        }
    }
}
