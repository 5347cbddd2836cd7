package dev.sotto.aggregation;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Rejection;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Holds the opening of a round against the task as this job was given it: coordination can neither lower the noise nor
 * the number of survivors nor let in a site that is not on this job's own list. Immutable.
 */
final class RoundTermsReader {
    private static final int HASH = 32;

    private final TaskDefinition task;
    private final Trust trust;
    private final byte[] taskHash;
    private final int entries;
    private final long sigma;

    RoundTermsReader(TaskDefinition task, Trust trust) {
        this.task = task;
        this.trust = trust;
        this.taskHash = task.sha256();
        this.entries = task.chunks().entries();
        this.sigma = task.sigma();
    }

    /** @throws RejectedRecordException {@link Rejection#INVALID_FIELD}, naming the field and what it had to be */
    RoundTerms read(RoundOpen open, long sequence, byte[] head) throws RejectedRecordException {
        require(Arrays.equals(AvroCodec.bytes(open.getTaskHash()), taskHash), "taskHash", "another", "this job's task");
        require(open.getEntries() == entries, "entries", open.getEntries(), entries);
        require(
                open.getChunkEntries() == task.encoding().chunkEntries(),
                "chunkEntries",
                open.getChunkEntries(),
                task.encoding().chunkEntries());
        require(
                open.getRingBits() == task.encoding().ringBits(),
                "ringBits",
                open.getRingBits(),
                task.encoding().ringBits());
        require(
                open.getScale() == task.encoding().scale(),
                "scale",
                open.getScale(),
                task.encoding().scale());
        require(
                task.encoding().admitsClip(open.getClipNorm()),
                "clipNorm",
                open.getClipNorm(),
                task.encoding().clipNorm() + (task.encoding().adaptive() == null ? "" : ", to begin with"));
        require(open.getSigma() == sigma, "sigma", open.getSigma(), sigma);
        require(
                open.getMinSurvivors() == task.rounds().minSurvivors(),
                "minSurvivors",
                open.getMinSurvivors(),
                task.rounds().minSurvivors());
        require(open.getModelVersion() >= 0, "modelVersion", open.getModelVersion(), "at least 0");
        require(isUri(open.getModelLocation()), "modelLocation", "no URI", "the URI of the model's directory");
        require(open.getDeadline() > 0, "deadline", open.getDeadline(), "above 0");
        require(open.getModelSha256().remaining() == HASH, "modelSha256", "of another length", "32 bytes");
        require(open.getSealHash().remaining() == HASH, "sealHash", "of another length", "32 bytes");
        List<String> announced = announced(open);
        int groups = task.groups(announced.size());
        require(open.getGroups() == groups, "groups", open.getGroups(), groups);
        RoundId round = round(open);
        byte[] sealHash = AvroCodec.bytes(open.getSealHash());
        return new RoundTerms(
                task.task(),
                open.getBlock(),
                round.number(),
                open.getModelVersion(),
                AvroCodec.bytes(open.getModelSha256()),
                open.getModelLocation(),
                announced,
                groups,
                groupOf(sealHash, round, announced, groups),
                open.getClipNorm(),
                open.getDeadline(),
                task.leastSurvivors(announced.size()),
                open.getRhoSpent(),
                open.getEpsilonSpent(),
                sealHash,
                sequence,
                head);
    }

    private static int[] groupOf(byte[] sealHash, RoundId round, List<String> announced, int groups) {
        List<SiteId> sites = announced.stream().map(SiteId::new).toList();
        RoundGroups drawn = RoundGroups.draw(sealHash, round, new TreeSet<>(sites), groups);
        return sites.stream().mapToInt(drawn::groupOf).toArray();
    }

    private RoundId round(RoundOpen open) throws RejectedRecordException {
        try {
            return new RoundId(task.id(), open.getRound());
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
    }

    private List<String> announced(RoundOpen open) throws RejectedRecordException {
        TreeSet<String> sorted = new TreeSet<>(open.getAnnounced());
        require(sorted.size() == open.getAnnounced().size(), "announced", "with a site twice", "each site once");
        require(
                sorted.size() >= task.rounds().minSurvivors(),
                "announced",
                sorted.size() + " sites",
                "at least minSurvivors " + task.rounds().minSurvivors());
        for (String site : sorted) {
            require(trusted(site), "announced", "a site that is not in the trust file", "trusted sites alone");
        }
        try {
            task.requireWorkable(sorted.size());
        } catch (ConfigurationException e) {
            throw new RejectedRecordException(Rejection.INVALID_FIELD, String.valueOf(e.getMessage()), e);
        }
        return new ArrayList<>(sorted);
    }

    private static boolean isUri(String location) {
        try {
            return new URI(location).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private boolean trusted(String site) {
        try {
            return trust.site(new SiteId(site)).isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean holds, String field, Object value, Object bound)
            throws RejectedRecordException {
        if (!holds) {
            throw new RejectedRecordException(
                    Rejection.INVALID_FIELD, "%s is %s but this job's task asks for %s".formatted(field, value, bound));
        }
    }
}
