package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Somebody with coordination's key between the brokers and the sites: shows each site a transcript of its own. It follows the
 * true one where it has no lie to tell, so that the sites go on. Not thread-safe.
 */
final class LyingServer {
    private final TaskDefinition task;
    private final MemoryModels models;
    private final SplittableRandom random;
    private final Simulation simulation;
    private final Map<SiteId, Story> stories = new TreeMap<>();
    private final List<SignedRecord> told = new ArrayList<>();
    private final Set<SiteId> colluders;
    private final double often;

    /** Whether it lies about survivors alone: any other lie makes sites wary before it comes to that. */
    private final boolean patient;

    LyingServer(TaskDefinition task, Cast cast, Set<SiteId> colluders, MemoryModels models, Simulation simulation) {
        this.task = task;
        this.colluders = colluders;
        this.models = models;
        this.simulation = simulation;
        this.random = new SplittableRandom(simulation.random().nextLong());
        this.often = new double[] {0.15, 0.5, 0.9}[random.nextInt(3)];
        this.patient = random.nextInt(3) == 0;
        cast.sites().keySet().forEach(site -> stories.put(site, new Story(task.id(), cast)));
    }

    Story story(SiteId site) {
        return stories.get(site);
    }

    /** A true record came out. */
    void hear(SignedRecord record) throws RejectedRecordException, IOException {
        told.add(record);
        boolean lies = random.nextDouble() < often;
        switch (record.kind()) {
            case SURVIVORS -> survivors(record, lies);
            case ROUND_OPEN -> opening(record, lies && !patient);
            case BLOCK_OFFER -> offer(record, lies && !patient && random.nextInt(4) == 0);
            case SEAL -> seal(record, lies && !patient && random.nextInt(6) == 0);
            default -> follow(record);
        }
        if (!patient) {
            slip();
        }
    }

    private void follow(SignedRecord record) throws RejectedRecordException {
        for (Story story : stories.values()) {
            story.follow(record);
        }
    }

    /** A site that gives it nothing of its own accord. */
    private SiteId someone() {
        List<SiteId> honest = new ArrayList<>(stories.keySet());
        honest.removeAll(colluders);
        return honest.get(random.nextInt(honest.size()));
    }

    /** As many as half of the sites, without the victim, and without those that give both secrets anyway. */
    private Set<SiteId> half(SiteId victim) {
        List<SiteId> others = new ArrayList<>(stories.keySet());
        others.remove(victim);
        others.removeAll(colluders);
        Set<SiteId> half = new TreeSet<>();
        while (half.size() < stories.size() / 2) {
            half.add(others.get(random.nextInt(others.size())));
        }
        return half;
    }

    private void note(String lie) {
        simulation.note("the server " + lie);
    }

    private void survivors(SignedRecord record, boolean lies) throws RejectedRecordException {
        SiteId victim = someone();
        // The lie that promises most is told most.
        int how = !lies ? -1 : patient ? 0 : Math.max(0, random.nextInt(8) - 3);
        Set<SiteId> half = half(victim);
        for (Map.Entry<SiteId, Story> entry : stories.entrySet()) {
            Story story = entry.getValue();
            SpecificRecordBase without = without(record, victim);
            boolean chosen = half.contains(entry.getKey());
            if (how == 0 && chosen) {
                note("tells %s that %s dropped out".formatted(entry.getKey(), victim));
                story.say(Kind.SURVIVORS, without);
            } else if (how == 1 && chosen) {
                note("lists survivors to %s twice, with and without %s".formatted(entry.getKey(), victim));
                story.follow(record);
                story.say(Kind.SURVIVORS, without);
            } else if (how == 2 && chosen) {
                note("lists survivors to %s twice, without and with %s".formatted(entry.getKey(), victim));
                story.say(Kind.SURVIVORS, without);
                story.follow(record);
            } else if (how == 3 && entry.getKey().equals(victim)) {
                note("tells %s itself that it dropped out".formatted(victim));
                story.say(Kind.SURVIVORS, without);
            } else if (how == 4 && chosen) {
                note("lists survivors to %s in the place of another record".formatted(entry.getKey()));
                story.follow(record);
                story.slip(story.rival(last(story)));
            } else {
                story.follow(record);
            }
        }
    }

    private static byte[] last(Story story) {
        return story.from(story.size() - 1, 1).get(0);
    }

    private static Survivors without(SignedRecord record, SiteId victim) throws RejectedRecordException {
        Survivors survivors = record.payload(Survivors.class);
        survivors.setSurvivors(survivors.getSurvivors().stream()
                .filter(survivor -> !survivor.getSite().equals(victim.value()))
                .toList());
        return survivors;
    }

    private void opening(SignedRecord record, boolean lies) throws RejectedRecordException, IOException {
        SiteId victim = someone();
        int how = lies && random.nextInt(3) == 0 ? random.nextInt(4) : -1;
        for (Map.Entry<SiteId, Story> entry : stories.entrySet()) {
            RoundOpen open = record.payload(RoundOpen.class);
            Story story = entry.getValue();
            boolean chosen = random.nextBoolean();
            if (how >= 0 && chosen) {
                note("opens round %d to %s in way %d, victim %s"
                        .formatted(open.getRound(), entry.getKey(), how, victim));
            }
            if (how == 0 && chosen) {
                open.setAnnounced(open.getAnnounced().stream()
                        .filter(site -> !site.equals(victim.value()))
                        .toList());
                story.say(Kind.ROUND_OPEN, open);
            } else if (how == 1 && chosen) {
                story.follow(record);
                open.setAnnounced(open.getAnnounced().stream()
                        .filter(site -> !site.equals(victim.value()))
                        .toList());
                story.say(Kind.ROUND_OPEN, open);
            } else if (how == 2 && chosen) {
                byte[] hash = new byte[32];
                random.nextBytes(hash);
                open.setModelSha256(ByteBuffer.wrap(hash));
                story.say(Kind.ROUND_OPEN, open);
            } else if (how == 3 && chosen) {
                story.say(Kind.ROUND_OPEN, ofAnotherModel(open));
            } else {
                story.follow(record);
            }
        }
    }

    private RoundOpen ofAnotherModel(RoundOpen open) throws IOException {
        float[] vector = new float[task.layout().size()];
        vector[0] = 1;
        Checkpoint other = Checkpoint.create(task, open.getModelVersion(), open.getRound(), "", 0, 0, 0, vector);
        URI place = models.place(URI.create("memory:/other/v" + open.getModelVersion()), other);
        open.setModelLocation(place.toString());
        open.setModelSha256(ByteBuffer.wrap(other.sha256()));
        return open;
    }

    private void offer(SignedRecord record, boolean lies) throws RejectedRecordException {
        int how = lies ? random.nextInt(3) : -1;
        for (Map.Entry<SiteId, Story> entry : stories.entrySet()) {
            Story story = entry.getValue();
            BlockOffer offer = record.payload(BlockOffer.class);
            boolean chosen = random.nextInt(3) == 0;
            if (how >= 0 && chosen) {
                note("offers block %d to %s in way %d".formatted(offer.getBlock(), entry.getKey(), how));
            }
            if (how == 0 && chosen) {
                offer.setThreshold(Math.max(2, offer.getCohort().size() / 2));
                story.say(Kind.BLOCK_OFFER, offer);
            } else if (how == 1 && chosen) {
                offer.getCohort().remove(offer.getCohort().size() - 1);
                story.say(Kind.BLOCK_OFFER, offer);
            } else if (how == 2 && chosen) {
                story.follow(record);
                offer.setThreshold(offer.getCohort().size());
                story.say(Kind.BLOCK_OFFER, offer);
            } else {
                story.follow(record);
            }
        }
    }

    private void seal(SignedRecord record, boolean lies) throws RejectedRecordException {
        SiteId liedTo = someone();
        for (Map.Entry<SiteId, Story> entry : stories.entrySet()) {
            Seal seal = record.payload(Seal.class);
            if (lies && entry.getKey().equals(liedTo)) {
                note("seals wrongly to " + liedTo);
                if (random.nextBoolean()) {
                    seal.setSealHash(ByteBuffer.wrap(new byte[32]));
                } else {
                    seal.getMembers().remove(seal.getMembers().size() - 1);
                }
                entry.getValue().say(Kind.SEAL, seal);
            } else {
                entry.getValue().follow(record);
            }
        }
    }

    /** Old records once more, in their old form or as if they were new. */
    private void slip() throws RejectedRecordException {
        if (told.isEmpty() || random.nextDouble() >= often / 6) {
            return;
        }
        SiteId to = someone();
        SignedRecord old = told.get(random.nextInt(told.size()));
        if (random.nextBoolean()) {
            note("shows %s an old %s again".formatted(to, old.kind()));
            stories.get(to).slip(old.value());
        } else {
            note("tells %s an old %s anew".formatted(to, old.kind()));
            SpecificRecordBase payload = old.kind() == Kind.SURVIVORS ? without(old, someone()) : Story.payload(old);
            stories.get(to).say(old.kind(), payload);
        }
    }

    /** A site comes back: the server may have another past for it. */
    void restarting(SiteId site, long offset) throws RejectedRecordException {
        Story story = stories.get(site);
        if (story.size() > 1 && random.nextDouble() < often / 2) {
            int from = random.nextInt(story.size());
            note("rewrites the history of %s from record %d on".formatted(site, from));
            story.rewrite(from);
        }
    }
}
