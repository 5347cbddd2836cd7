package dev.sotto.coordination.cli;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.coordination.fixture.InMemoryRuntime;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.fixture.PlayedAggregation;
import dev.sotto.coordination.fixture.PlayedSite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A task that coordination's own functions have taken to its end: two rounds with a result, the first with a dropout. */
final class TranscriptHistory {
    final Play play = Play.ofRounds(2, 2);

    TranscriptHistory() {
        play.started().enrolled(1);
        deal();
        round(1, play.sites.subList(0, 3));
        round(2, play.sites.subList(0, 3));
    }

    /** As sites do, at the position of the offer. */
    private void deal() {
        TranscriptPosition offered = play.transcript().last(Kind.BLOCK_OFFER).reached();
        for (PlayedSite site : play.sites) {
            try {
                SiteBundle bundle = play.parties
                        .verifier()
                        .open(site.bundle(play.transcript().terms()))
                        .payload(SiteBundle.class);
                play.fromSite(site, site.sign(offered, Kind.BUNDLE, bundle));
            } catch (RejectedRecordException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void round(int number, List<PlayedSite> uploaded) {
        RoundOpen open = play.transcript().last(Kind.ROUND_OPEN, RoundOpen.class);
        List<Survivor> survivors = new ArrayList<>();
        for (PlayedSite site : uploaded) {
            byte[] root = PlayedAggregation.hash("root of " + site.id);
            Manifest manifest = new Manifest(
                    open.getBlock(),
                    number,
                    play.task.chunks().chunks(),
                    open.getEntries(),
                    ByteBuffer.wrap(root),
                    open.getModelSha256(),
                    open.getSealHash(),
                    ByteBuffer.allocate(0));
            TranscriptPosition opened = play.transcript().last(Kind.ROUND_OPEN).reached();
            survivors.add(PlayedAggregation.survivor(site.id, root, site.sign(opened, Kind.MANIFEST, manifest)));
        }
        play.closed(number, play.aggregation.windowClosed(play.round(number), survivors, List.of()));
        play.answered(number, uploaded.size());
        play.announce(play.model(number, "weights " + number));
    }

    List<TranscriptEntry> entries(String topic) {
        List<TranscriptEntry> entries = new ArrayList<>();
        for (InMemoryRuntime.Sent sent : play.runtime.sent(topic)) {
            entries.add(new TranscriptEntry(
                    topic, entries.size(), sent.key().getBytes(StandardCharsets.UTF_8), sent.value()));
        }
        return entries;
    }

    List<TranscriptEntry> rounds() {
        return entries(Topics.ROUNDS.name());
    }

    List<TranscriptEntry> ledger() {
        return entries(Topics.LEDGER.name());
    }

    /** The task file and the trust file, and the records in one file. */
    Path write(Path directory, List<TranscriptEntry> entries) throws IOException {
        writeFiles(directory);
        Path file = directory.resolve("transcript.jsonl.gz");
        try (TranscriptFile.Output out = TranscriptFile.create(file, play.task.id())) {
            for (TranscriptEntry entry : entries) {
                out.write(entry);
            }
            out.finish();
        }
        return file;
    }

    void writeFiles(Path directory) throws IOException {
        Files.writeString(
                directory.resolve("task.yaml"), Play.text().replace("count: 1, perBlock: 2", "count: 2, perBlock: 2"));
        Files.writeString(directory.resolve("trust.yaml"), play.parties.trustYaml());
    }
}
