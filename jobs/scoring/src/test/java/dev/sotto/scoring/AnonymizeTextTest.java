package dev.sotto.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.connect.flink.RawRecord;
import dev.sotto.connect.flink.Refused;
import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.avro.DeadLetter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnonymizeTextTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final TextRule TEXTS =
            new TextRule(8192, Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1));

    @TempDir
    private Path directory;

    private AnonymizationRule rule;

    @BeforeEach
    void writeKey() throws IOException {
        Path key = directory.resolve("key");
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        Files.write(key, bytes);
        rule = new AnonymizationRule("", key.toString());
    }

    private List<AnonymizedMessage> anonymized(List<TestFeed.Line> lines) throws Exception {
        TextParsers parsers = new TextParsers(TEXTS);
        try (OneInputStreamOperatorTestHarness<TextMessage, AnonymizedMessage> harness =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new AnonymizeText(rule)))) {
            harness.open();
            int offset = 0;
            for (TestFeed.Line line : lines) {
                harness.processElement(parsers.parse(line.record(offset++, START)), 0);
            }
            assertThat(harness.getSideOutput(Refused.TAG)).isNull();
            return harness.extractOutputValues();
        }
    }

    @Test
    void everyMessage_ofTheFeed_losesItsPersonalData() throws Exception {
        List<TestFeed.Line> lines = TestFeed.lines();
        List<AnonymizedMessage> messages = anonymized(lines);
        assertThat(messages).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            for (String secret : lines.get(i).secrets()) {
                assertThat(messages.get(i).toString()).doesNotContain(secret);
            }
        }
    }

    @Test
    void entities_pointAtTheirReplacements() throws Exception {
        for (AnonymizedMessage message : anonymized(TestFeed.lines())) {
            for (RedactedSpan span : message.entities()) {
                assertThat(message.text().substring(span.start(), span.end())).contains(span.type());
            }
        }
    }

    @Test
    void identifier_withPersonalData_becomesTheSamePseudonymEachTime() throws Exception {
        List<TestFeed.Line> lines = TestFeed.lines().stream()
                .filter(line -> line.message().path("id").asText().contains("@"))
                .toList();
        List<TestFeed.Line> twice = new ArrayList<>(lines);
        twice.addAll(lines);
        List<AnonymizedMessage> messages = anonymized(twice);
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).id())
                .matches("anon-[0-9a-f]{32}")
                .isEqualTo(messages.get(1).id());
    }

    @Test
    void identifier_withoutPersonalData_staysAsItIs() throws Exception {
        List<AnonymizedMessage> messages = anonymized(TestFeed.lines());
        assertThat(messages).extracting(AnonymizedMessage::id).contains("chat-01", "chat-20", "fin-10");
        assertThat(messages).extracting(AnonymizedMessage::group).contains("c-101", "wire-a");
        assertThat(messages).extracting(AnonymizedMessage::subject).contains("billing", "Northwind Bank");
    }

    @Test
    void keyFile_tooShort_isRefusedWithItsOption() throws Exception {
        Path shortKey = Files.write(directory.resolve("short"), new byte[31]);
        AnonymizationRule bad = new AnonymizationRule("", shortKey.toString());
        assertThatThrownBy(bad::readKey)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("31 bytes")
                .hasMessageContaining("scoring.anonymization.key-file");
    }

    @Test
    void unreadableRecord_becomesADeadLetterWithoutItsValue() throws Exception {
        try (OneInputStreamOperatorTestHarness<RawRecord, TextMessage> harness =
                new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new ParseText(TEXTS)))) {
            harness.open();
            byte[] value = "{\"id\":\"alice@example.org\"".getBytes(StandardCharsets.UTF_8);
            harness.processElement(new RawRecord("text.finance", 2, 9, 5, new byte[] {1}, value), 0);
            assertThat(harness.extractOutputValues()).isEmpty();
            Refused refused = harness.getSideOutput(Refused.TAG).element().getValue();
            assertThat(refused.deadLetterTopic()).isEqualTo("text.finance.dlq");
            DeadLetter letter = AvroCodec.decode(refused.letter(), DeadLetter.class);
            assertThat(letter.getReason()).isEqualTo("MALFORMED");
            assertThat(letter.getOffset()).isEqualTo(9);
            assertThat(letter.getValue()).isNull();
            assertThat(letter.getKey()).isNull();
            assertThat(letter.toString()).doesNotContain("alice");
        }
    }
}
