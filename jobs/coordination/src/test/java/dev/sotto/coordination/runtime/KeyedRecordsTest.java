package dev.sotto.coordination.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KeyedRecordsTest {
    @Test
    void records_withoutKeyOrValue_getOneAndKeepTheirPlace() {
        byte[] key = "site-a".getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> whole = new ConsumerRecord<>("fl.sites", 0, 4, key, new byte[] {1});
        ConsumerRecord<byte[], byte[]> keyless = new ConsumerRecord<>("fl.sites", 0, 5, null, new byte[] {2});
        ConsumerRecord<byte[], byte[]> empty = new ConsumerRecord<>("fl.sites", 0, 6, key, null);
        TopicPartition partition = new TopicPartition("fl.sites", 0);

        List<ConsumerRecord<byte[], byte[]>> mended = new KeyedRecords()
                .onConsume(new ConsumerRecords<>(Map.of(partition, List.of(whole, keyless, empty)), Map.of()))
                .records(partition);

        assertThat(mended).extracting(ConsumerRecord::offset).containsExactly(4L, 5L, 6L);
        assertThat(mended.get(0)).isSameAs(whole);
        assertThat(mended.get(1).key()).isEqualTo(KeyedRecords.NO_KEY.getBytes(UTF_8));
        assertThat(mended.get(1).value()).containsExactly(2);
        assertThat(mended.get(2).key()).isEqualTo(key);
        assertThat(mended.get(2).value()).isEmpty();
    }

    @Test
    void records_ofTheLedger_areKeyedByTheirTask() {
        TopicPartition partition = new TopicPartition("fl.ledger", 0);
        List<ConsumerRecord<byte[], byte[]>> records = Stream.of("mood/mood/3/RESERVE", "mood", "/3", "")
                .map(key -> new ConsumerRecord<>("fl.ledger", 0, 0, key.getBytes(UTF_8), new byte[] {1}))
                .toList();
        KeyedRecords interceptor = new KeyedRecords();
        interceptor.configure(Map.of(KeyedRecords.BY_TASK, "fl.models,fl.ledger"));

        List<ConsumerRecord<byte[], byte[]>> keyed = interceptor
                .onConsume(new ConsumerRecords<>(Map.of(partition, records), Map.of()))
                .records(partition);

        assertThat(keyed)
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("mood", "mood", KeyedRecords.NO_KEY, KeyedRecords.NO_KEY);
        assertThat(keyed).allSatisfy(record -> assertThat(record.value()).containsExactly(1));
    }
}
