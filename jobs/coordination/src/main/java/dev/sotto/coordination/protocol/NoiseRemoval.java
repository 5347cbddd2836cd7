package dev.sotto.coordination.protocol;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Envelope;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.federation.NoiseComponents;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.Disclosing;
import dev.sotto.secagg.Disclosure;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SurvivorSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the survivors give away of their noise, held against what their manifests commit to. Noise whose origin is missing or wrong stays in
 * the sum, which then has more than is charged for.
 *
 * @param due whether any noise was to come off
 * @param links the first link of what is taken off each survivor's noise, by site; the owner closes them
 * @param wrong survivors that gave away something else than they committed to
 */
record NoiseRemoval(boolean due, SortedMap<SiteId, NoiseLink> links, List<SiteId> wrong) {
    private static final NoiseRemoval NONE = new NoiseRemoval(false, new TreeMap<>(), List.of());

    /** Whether any noise comes off a sum of these survivors, so that the answers of all of them are of use. */
    static boolean isDue(CoordinatedTask task, BlockGraph graph, SurvivorSet survivors) {
        return task.takesNoiseOff(graph)
                && survivors.dropouts().size()
                        < task.noiseComponents(survivors.announced().size()).tolerated();
    }

    /**
     * Opens what the answers give away.
     *
     * @param manifests the survivors as the transcript lists them
     * @param answers Avro binary of each {@code Unmask} taken
     */
    static NoiseRemoval open(
            CoordinatedTask task,
            BlockGraph graph,
            SurvivorSet survivors,
            List<Survivor> manifests,
            Map<SiteId, byte[]> answers)
            throws RejectedRecordException {
        if (!isDue(task, graph, survivors)) {
            return NONE;
        }
        SortedMap<SiteId, Disclosure> given = new TreeMap<>();
        for (Map.Entry<SiteId, byte[]> answer : answers.entrySet()) {
            UnmaskCodec.noise(AvroCodec.decode(answer.getValue(), Unmask.class))
                    .ifPresent(noise -> given.put(answer.getKey(), noise));
        }
        SortedMap<SiteId, byte[]> opened = Disclosing.open(survivors, graph.threshold(), given);
        NoiseComponents components = task.noiseComponents(survivors.announced().size());
        int first = survivors.dropouts().size() + 1;
        SortedMap<SiteId, NoiseLink> links = new TreeMap<>();
        List<SiteId> wrong = new ArrayList<>();
        for (Survivor survivor : manifests) {
            SiteId site = new SiteId(survivor.getSite());
            byte[] secret = opened.get(site);
            if (secret == null) {
                continue;
            }
            NoiseLink link = NoiseLink.of(survivors.round(), first, secret);
            Arrays.fill(secret, (byte) 0);
            if (Arrays.equals(link.at(components.components()).bytes(), anchor(survivor))) {
                links.put(site, link);
            } else {
                link.close();
                wrong.add(site);
            }
        }
        return new NoiseRemoval(true, links, wrong);
    }

    private static byte[] anchor(Survivor survivor) throws RejectedRecordException {
        Envelope envelope = AvroCodec.decode(AvroCodec.bytes(survivor.getManifest()), Envelope.class);
        Manifest manifest = AvroCodec.decode(AvroCodec.bytes(envelope.getPayload()), Manifest.class);
        return AvroCodec.bytes(manifest.getNoiseAnchor());
    }

    /** What is to be done about those who gave away something wrong, and said about those whose noise stays. */
    List<Effect> effects(SurvivorSet survivors) {
        List<Effect> effects = new ArrayList<>();
        for (SiteId site : wrong) {
            effects.add(SiteCommand.strike(
                    site,
                    survivors.round().task(),
                    "%s gives away other noise in round %s than its manifest commits to"
                            .formatted(site, survivors.round())));
        }
        List<SiteId> whole = new ArrayList<>(survivors.survivors());
        whole.removeAll(links.keySet());
        if (due && !whole.isEmpty()) {
            effects.add(new Effect.Report("round %s keeps the whole noise of %d of %d survivors, more than it needs: %s"
                    .formatted(
                            survivors.round(),
                            whole.size(),
                            survivors.survivors().size(),
                            whole)));
        }
        return effects;
    }

    /** Zeroes the links. */
    void close() {
        links.values().forEach(NoiseLink::close);
    }
}
