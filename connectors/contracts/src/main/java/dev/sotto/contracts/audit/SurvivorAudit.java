package dev.sotto.contracts.audit;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.federation.ChunkLayout;
import dev.sotto.federation.NoiseLink;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.NeighbourGraph;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Checks the list of survivors: who they are, that each has signed its upload for exactly this opening of the round, and
 * that the sum of what they sent can be had and cannot be taken apart. Stateless.
 */
final class SurvivorAudit {
    private final AuditContext context;
    private final Findings findings;
    private final TaskDefinition task;

    SurvivorAudit(AuditContext context) {
        this.context = context;
        this.findings = context.findings();
        this.task = context.task().definition();
    }

    /** The survivors that were announced. */
    SortedSet<SiteId> check(BlockAudit block, RoundAudit round, Survivors record) {
        SortedSet<SiteId> survivors = new TreeSet<>();
        SortedSet<SiteId> announced = round.groups().map(RoundGroups::announced).orElse(Collections.emptySortedSet());
        Map<String, SiteId> byName = announced.stream().collect(Collectors.toMap(SiteId::value, site -> site));
        for (Survivor survivor : record.getSurvivors()) {
            SiteId site = byName.get(survivor.getSite());
            if (site == null) {
                findings.add(Rule.SURVIVORS, "one of the announced " + Findings.names(announced), survivor.getSite());
                continue;
            }
            findings.unless(survivors.add(site), Rule.SURVIVORS, site + " once", site + " again");
            checkManifest(block, round, survivor, site);
        }
        int ofTask = announced.isEmpty() ? task.rounds().minSurvivors() : task.leastSurvivors(announced.size());
        int least = Math.max(ofTask, block.leastSurvivors());
        findings.unless(
                survivors.size() >= least,
                Rule.SURVIVORS,
                "at least %d survivors".formatted(least),
                survivors.size() + " survivors");
        round.groups().filter(groups -> groups.count() > 1).ifPresent(groups -> checkGroups(groups, survivors));
        block.terms()
                .filter(terms -> !terms.graph().isComplete())
                .ifPresent(terms -> checkSparse(terms, announced, survivors));
        return survivors;
    }

    private void checkManifest(BlockAudit block, RoundAudit round, Survivor survivor, SiteId site) {
        SignedRecord signed = context.ofSite(survivor.getManifest(), Kind.MANIFEST, site.value(), Rule.MANIFEST)
                .orElse(null);
        if (signed == null) {
            return;
        }
        findings.unless(
                signed.position().equals(round.opened()),
                Rule.OPENING,
                "%s signed its upload at %s, the opening of round %d"
                        .formatted(site, round.opened(), round.open().getRound()),
                "signed at " + signed.position());
        try {
            Manifest manifest = signed.payload(Manifest.class);
            RoundOpen open = round.open();
            ChunkLayout chunks = task.chunks();
            String of = " of the upload of " + site;
            findings.same(Rule.MANIFEST, "block" + of, open.getBlock(), manifest.getBlock());
            findings.same(Rule.MANIFEST, "round" + of, open.getRound(), manifest.getRound());
            findings.same(Rule.MANIFEST, "chunks" + of, chunks.chunks(), manifest.getChunks());
            findings.same(Rule.MANIFEST, "entries" + of, chunks.entries(), manifest.getEntries());
            findings.same(Rule.MANIFEST, "root" + of, bytes(survivor.getRoot()), bytes(manifest.getRoot()));
            findings.same(Rule.MANIFEST, "model" + of, bytes(open.getModelSha256()), bytes(manifest.getModelSha256()));
            if (task.privacy().removal()) {
                findings.same(
                        Rule.MANIFEST,
                        "length of the noise anchor" + of,
                        NoiseLink.BYTES,
                        manifest.getNoiseAnchor().remaining());
            }
            if (findings.same(Rule.MANIFEST, "seal" + of, block.sealHash(), bytes(manifest.getSealHash()))) {
                block.countersign(site);
            }
        } catch (RejectedRecordException e) {
            findings.add(Rule.MANIFEST, "a manifest of " + site, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        return AvroCodec.bytes(buffer);
    }

    private void checkGroups(RoundGroups groups, SortedSet<SiteId> survivors) {
        for (int group = 0; group < groups.count(); group++) {
            int alive = among(groups.members(group), survivors).size();
            findings.unless(
                    alive >= task.rounds().minSurvivors(),
                    Rule.SURVIVORS,
                    "at least %d survivors in group %d".formatted(task.rounds().minSurvivors(), group),
                    alive + " survivors");
        }
    }

    private void checkSparse(BlockTerms terms, SortedSet<SiteId> announced, SortedSet<SiteId> survivors) {
        NeighbourGraph graph = terms.graph();
        for (SiteId site : announced) {
            int holders = among(graph.holders(site), survivors).size();
            findings.unless(
                    holders >= terms.threshold(),
                    Rule.UNMASKING,
                    "at least %d survivors that hold shares of %s".formatted(terms.threshold(), site),
                    holders + " of them");
        }
        if (!survivors.isEmpty()) {
            SortedSet<SiteId> reached = reachable(graph, survivors);
            findings.unless(
                    reached.size() == survivors.size(),
                    Rule.CONNECTED,
                    "a mask graph that connects all %d survivors".formatted(survivors.size()),
                    "%s apart from the others".formatted(Findings.names(reached)));
        }
    }

    private static SortedSet<SiteId> reachable(NeighbourGraph graph, SortedSet<SiteId> survivors) {
        SortedSet<SiteId> reached = new TreeSet<>();
        Deque<SiteId> next = new ArrayDeque<>();
        reached.add(survivors.first());
        next.add(survivors.first());
        while (!next.isEmpty()) {
            for (SiteId neighbour : among(graph.neighbours(next.remove()), survivors)) {
                if (reached.add(neighbour)) {
                    next.add(neighbour);
                }
            }
        }
        return reached;
    }

    private static SortedSet<SiteId> among(SortedSet<SiteId> sites, SortedSet<SiteId> survivors) {
        SortedSet<SiteId> among = new TreeSet<>(sites);
        among.retainAll(survivors);
        return among;
    }
}
