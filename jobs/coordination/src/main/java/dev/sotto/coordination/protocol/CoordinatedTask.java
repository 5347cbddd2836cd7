package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.NoiseComponents;
import dev.sotto.federation.ProtocolSettings;
import dev.sotto.federation.RoundSettings;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.PrivacyBudget;
import dev.sotto.secagg.GraphParameters;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** A task with the sites that may take part and all numbers that follow from its definition. Immutable. */
public final class CoordinatedTask {
    private static final String TERMS_DOMAIN = "sotto/round-terms/v1";

    private final TaskDefinition definition;
    private final SortedSet<SiteId> allowed;
    private final double rho;
    private final byte[] hash;
    private final PrivacyBudget budget;

    private CoordinatedTask(TaskDefinition definition, SortedSet<SiteId> allowed) {
        this.definition = definition;
        this.allowed = allowed;
        this.rho = definition.rho();
        this.hash = definition.sha256();
        this.budget = definition.budget();
    }

    /**
     * Checks a task against the allow-list.
     *
     * @throws ConfigurationException if too few sites are allowed for a cohort, so many that groups or noise to be taken off have no complete graph or
     *     a buffer is never full enough to be unmasked, or a sum of all of them could leave the ring
     */
    public static CoordinatedTask of(TaskDefinition definition, Trust trust) {
        SortedSet<SiteId> allowed = Collections.unmodifiableSortedSet(new TreeSet<>(trust.allowed()));
        int least = definition.rounds().minCohort();
        if (allowed.size() < least) {
            throw new ConfigurationException(
                    "task %s: rounds.minCohort is %d but the trust file allows %d sites; add sites or lower it"
                            .formatted(definition.task(), least, allowed.size()));
        }
        CoordinatedTask task = new CoordinatedTask(definition, allowed);
        task.requireGraph();
        definition.requireWorkable(allowed.size());
        return task;
    }

    private void requireGraph() {
        int sites = allowed.size();
        if (sites > GraphParameters.MOST_SITES) {
            throw new ConfigurationException(
                    "task %s: the trust file allows %d sites; a cohort has at most %d, so split them into tasks"
                            .formatted(id(), sites, GraphParameters.MOST_SITES));
        }
        int groups = definition.robust().groups();
        if (groups > 1 && mayBeSparse()) {
            throw new ConfigurationException(
                    "task %s: robust.groups is %d but the trust file allows %d sites; groups need the complete mask graph, which ends at %d sites: set robust.groups to 1 or split the sites into tasks"
                            .formatted(id(), groups, sites, GraphParameters.MOST_COMPLETE));
        }
        if (definition.privacy().removal() && mayBeSparse()) {
            throw new ConfigurationException(
                    "task %s: privacy.removal is true but the trust file allows %d sites; noise is taken off on the complete mask graph alone, which ends at %d sites: set privacy.removal to false or split the sites into tasks"
                            .formatted(id(), sites, GraphParameters.MOST_COMPLETE));
        }
        int closeAfter = rounds().closeAfter();
        int threshold = graph(sites).threshold();
        if (closeAfter > 0 && graph(sites).degree() == 0 && closeAfter < threshold) {
            throw new ConfigurationException(
                    "task %s: rounds.closeAfter is %d but a cohort of all %d allowed sites needs %d survivors to unmask; set it to at least that, or to 0"
                            .formatted(id(), closeAfter, sites, threshold));
        }
    }

    public TaskId id() {
        return definition.id();
    }

    /** The sites on the allow-list. */
    public SortedSet<SiteId> allowed() {
        return allowed;
    }

    public RoundSettings rounds() {
        return definition.rounds();
    }

    /** SHA-256 of the definition. */
    public byte[] hash() {
        return hash.clone();
    }

    /** What the task's protocol has to bear. */
    public ProtocolSettings protocol() {
        return definition.protocol();
    }

    /** Whether a cohort may be too large for the complete graph. */
    boolean mayBeSparse() {
        return allowed.size() > GraphParameters.MOST_COMPLETE;
    }

    /** Neighbours and threshold for a cohort of that size. */
    GraphParameters graph(int cohort) {
        return GraphParameters.choose(cohort, protocol().colluding(), protocol().dropout());
    }

    /** The fewest sites that a round may announce or sum. */
    int leastSites(int cohort, int threshold, boolean completeGraph) {
        return definition.leastSites(cohort, threshold, completeGraph);
    }

    /** The groups that so many announced sites are summed in. */
    int groups(BlockGraph graph, int announced) {
        return graph.degree() == 0 ? definition.groups(announced) : 1;
    }

    /** Whether noise that dropouts did not use up is taken off sums in a block on this graph. */
    boolean takesNoiseOff(BlockGraph graph) {
        return definition.privacy().removal() && graph.degree() == 0;
    }

    /** The noise of each of so many announced sites, where it is taken off. */
    NoiseComponents noiseComponents(int announced) {
        return definition.noiseComponents(announced);
    }

    /** The noise's standard deviation in lattice units. */
    public long sigma() {
        return definition.sigma();
    }

    /** What one round costs. */
    public double rho() {
        return rho;
    }

    /** The clip norm of the first round. */
    public double clipNorm() {
        return definition.encoding().clipNorm();
    }

    /** The clip norm of the round after one of that clip norm, which made a model. */
    public double clipAfter(double clipNorm, ModelRef made) {
        return definition.encoding().clipAfter(clipNorm, made.unclipped());
    }

    /** Whether a round tells how many updates were within its clip norm. */
    public boolean clipAdapts() {
        return definition.encoding().adaptive() != null;
    }

    /** The numbers by class that a round tells of the sites' judgements; 0 where it does not. */
    public int tallies() {
        return definition.tally().size();
    }

    /** The delta of the task's privacy statement. */
    public double delta() {
        return definition.privacy().delta();
    }

    /** What all rounds together may cost. */
    public PrivacyBudget budget() {
        return budget;
    }

    /** The record that opens a round. */
    public RoundOpen roundOpen(RoundTerms terms, long deadline, double rhoSpent, double epsilonSpent) {
        EncodingSettings encoding = definition.encoding();
        return RoundOpen.newBuilder()
                .setBlock(terms.block())
                .setRound(terms.round().number())
                .setModelVersion(terms.model().version())
                .setModelSha256(ByteBuffer.wrap(terms.model().sha256()))
                .setModelLocation(terms.model().location())
                .setAnnounced(terms.announced().stream().map(SiteId::value).toList())
                .setDeadline(deadline)
                .setEntries(definition.chunks().entries())
                .setChunkEntries(encoding.chunkEntries())
                .setRingBits(encoding.ringBits())
                .setClipNorm(terms.clipNorm())
                .setScale(encoding.scale())
                .setSigma(sigma())
                .setMinSurvivors(rounds().minSurvivors())
                .setRhoSpent(rhoSpent)
                .setEpsilonSpent(epsilonSpent)
                .setTaskHash(ByteBuffer.wrap(hash))
                .setSealHash(ByteBuffer.wrap(terms.sealHash()))
                .setGroups(terms.groups())
                .build();
    }

    /**
     * The ledger's name for what a round releases, known before anything is: SHA-256 over a domain, the task and the
     * round's opening record with deadline, rho and epsilon at zero. Whoever reads the transcript can compute it.
     */
    public Digest inputHash(RoundTerms terms) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(TERMS_DOMAIN.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        bytes.writeBytes(id().value().getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        bytes.writeBytes(AvroCodec.encode(roundOpen(terms, 0, 0, 0)));
        return Digest.sha256(bytes.toByteArray());
    }
}
