package dev.sotto.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.secagg.TaskId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void catalogue_names_areUniqueAndDeadLettersHaveRoomForTheirSource() {
        assertThat(Topics.all()).extracting(TopicSpec::name).doesNotHaveDuplicates();
        for (TopicSpec topic : List.of(Topics.SITES, Topics.UPDATES, Topics.CHAT)) {
            assertThat(Topics.named(topic.deadLetters()).maxMessageBytes()).isGreaterThan(topic.maxMessageBytes());
        }
    }

    @Test
    void protocolTopics_time_isTheBrokers() {
        for (TopicSpec topic : Topics.all()) {
            if (topic.name().startsWith("fl.")) {
                assertThat(topic.configs()).containsEntry("message.timestamp.type", "LogAppendTime");
            }
        }
    }

    @Test
    void transcript_order_isThatOfItsOnePartition() {
        assertThat(Topics.ROUNDS.partitions()).isOne();
    }

    @Test
    void seeds_readers_areAggregationAlone() {
        assertThat(Topics.UNMASK.readers()).containsExactly(Role.AGGREGATION);
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.AGGREGATION))) {
            assertThat(topics(role, AclOperation.READ)).doesNotContain("fl.unmask");
        }
    }

    @Test
    void site_rights_areItsThreeTopicsAndNoText() {
        assertThat(topics(Role.SITE, AclOperation.WRITE))
                .containsExactlyInAnyOrder("fl.sites", "fl.updates", "fl.manifests");
        assertThat(topics(Role.SITE, AclOperation.READ)).containsExactlyInAnyOrder("fl.rounds", "fl.models");
    }

    @Test
    void releasedCounts_writersAndReaders_areScoringAndWhoeverMayKnow() {
        for (Role role : Role.values()) {
            assertThat(topics(role, AclOperation.WRITE).contains("analytics.released"))
                    .isEqualTo(role == Role.SCORING);
            assertThat(topics(role, AclOperation.READ).contains("analytics.released"))
                    .isEqualTo(role == Role.CONSUMER || role == Role.OPERATOR);
        }
    }

    @Test
    void releasedCounts_everyWindow_isKeptInOrder() {
        assertThat(Topics.RELEASED.partitions()).isOne();
        assertThat(Topics.RELEASED.configs()).containsEntry("cleanup.policy", "compact");
        TaskId task = new TaskId("sentiment");
        assertThat(RecordKeys.released(task, 0)).isNotEqualTo(RecordKeys.released(task, 1));
        assertThat(RecordKeys.releasesEnd(task, 1)).isNotEqualTo(RecordKeys.released(task, 1));
    }

    @Test
    void rules_groupsAndTransactions_arePrefixedWithThePrincipalsOwn() {
        assertThat(AccessRules.of(Role.SITE, "User:bank-a", "sotto-site-sentiment-bank-a"))
                .filteredOn(rule -> rule.pattern().resourceType() != ResourceType.TOPIC)
                .allSatisfy(rule -> assertThat(rule.pattern().name()).isEqualTo("sotto-site-sentiment-bank-a"));
        assertThat(AccessRules.of(Role.CONSUMER, "User:desk", "desk"))
                .noneMatch(rule -> rule.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID);
    }

    private static Set<String> topics(Role role, AclOperation operation) {
        return AccessRules.of(role, "User:x", "x").stream()
                .filter(rule -> rule.pattern().resourceType() == ResourceType.TOPIC)
                .filter(rule -> rule.entry().operation() == operation)
                .map(AclBinding::pattern)
                .map(pattern -> pattern.name())
                .collect(java.util.stream.Collectors.toSet());
    }
}
