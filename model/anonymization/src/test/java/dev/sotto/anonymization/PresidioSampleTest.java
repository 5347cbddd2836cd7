package dev.sotto.anonymization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recall and leak rate on a sample of a public corpus (see its README for what was sampled). */
class PresidioSampleTest {
    private static final Map<String, EntityType> TYPES = Map.of(
            "EMAIL_ADDRESS", EntityType.EMAIL,
            "CREDIT_CARD", EntityType.CREDIT_CARD,
            "IBAN_CODE", EntityType.IBAN,
            "IP_ADDRESS", EntityType.IP_ADDRESS,
            "DOMAIN_NAME", EntityType.URL,
            "PHONE_NUMBER", EntityType.PHONE);

    @Test
    void anonymize_sample_reachesTheMeasuredRecallAndLeakRate() throws Exception {
        Anonymizer anonymizer = Anonymizer.create(Policy.defaults(), new byte[0]);
        Map<EntityType, Integer> gold = new EnumMap<>(EntityType.class);
        Map<EntityType, Integer> found = new EnumMap<>(EntityType.class);
        int characters = 0;
        int leaked = 0;
        int unfounded = 0;
        for (JsonNode row : rows()) {
            String text = row.get("text").asText();
            List<RedactedEntity> entities = anonymizer.anonymize(text).entities();
            for (JsonNode span : row.get("spans")) {
                EntityType type = TYPES.get(span.get("type").asText());
                if (type == null) {
                    continue;
                }
                int start = span.get("start").asInt();
                int end = span.get("end").asInt();
                gold.merge(type, 1, Integer::sum);
                int open = open(entities, start, end);
                characters += end - start;
                leaked += open;
                boolean typed = entities.stream().anyMatch(e -> e.type() == type && e.start() < end && e.end() > start);
                found.merge(type, typed && open == 0 ? 1 : 0, Integer::sum);
            }
            unfounded += (int) entities.stream()
                    .filter(entity -> !touchesGold(entity, row.get("spans")))
                    .count();
        }
        for (EntityType type : TYPES.values()) {
            double recall = found.get(type) / (double) gold.get(type);
            System.out.printf("presidio sample %s: %d of %d%n", type, found.get(type), gold.get(type));
            assertThat(recall).as("recall of %s", type).isGreaterThanOrEqualTo(0.95);
        }
        System.out.printf("presidio sample: leaked %d of %d, unfounded %d%n", leaked, characters, unfounded);
        assertThat(leaked / (double) characters).as("leak rate").isLessThanOrEqualTo(0.01);
        assertThat(unfounded).as("entities where the corpus has none").isLessThanOrEqualTo(2);
    }

    private static int open(List<RedactedEntity> entities, int start, int end) {
        int open = 0;
        for (int i = start; i < end; i++) {
            int at = i;
            open += entities.stream().anyMatch(e -> e.start() <= at && at < e.end()) ? 0 : 1;
        }
        return open;
    }

    private static boolean touchesGold(RedactedEntity entity, JsonNode spans) {
        for (JsonNode span : spans) {
            if (entity.start() < span.get("end").asInt()
                    && entity.end() > span.get("start").asInt()) {
                return true;
            }
        }
        return false;
    }

    private static List<JsonNode> rows() throws Exception {
        List<JsonNode> rows = new ArrayList<>();
        try (InputStream in = PresidioSampleTest.class.getResourceAsStream("/presidio/sample.jsonl");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            ObjectMapper mapper = new ObjectMapper();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(mapper.readTree(line));
            }
        }
        return rows;
    }
}
