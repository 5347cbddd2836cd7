package dev.sotto.contracts;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Kafka ACLs derived from the topic catalogue: a principal gets what its role may do, and nothing else. Stateless. */
public final class AccessRules {
    /** What coordination's runtime calls its transactions, up to the part that differs: no setting changes it. */
    private static final String RUNTIME_TRANSACTIONS = "feedback-union -> functions -> Sink: sotto-egress-egress-";

    private AccessRules() {}

    /**
     * The bindings of one principal.
     *
     * @param principal for example {@code User:bank-a}
     * @param prefix the prefix of the consumer groups and transactional ids that are the principal's own
     */
    public static List<AclBinding> of(Role role, String principal, String prefix) {
        List<AclBinding> bindings = new ArrayList<>();
        boolean writes = false;
        for (TopicSpec topic : Topics.all()) {
            if (topic.writers().contains(role)) {
                writes = true;
                bindings.add(topic(topic, principal, AclOperation.WRITE));
            }
            if (topic.readers().contains(role)) {
                bindings.add(topic(topic, principal, AclOperation.READ));
            }
        }
        bindings.add(prefixed(ResourceType.GROUP, prefix, principal, AclOperation.READ));
        if (writes) {
            bindings.addAll(transactions(prefix, principal));
        }
        if (role == Role.COORDINATION) {
            bindings.addAll(transactions(RUNTIME_TRANSACTIONS, principal));
        }
        return List.copyOf(bindings);
    }

    private static List<AclBinding> transactions(String prefix, String principal) {
        return List.of(
                prefixed(ResourceType.TRANSACTIONAL_ID, prefix, principal, AclOperation.WRITE),
                prefixed(ResourceType.TRANSACTIONAL_ID, prefix, principal, AclOperation.DESCRIBE));
    }

    private static AclBinding topic(TopicSpec topic, String principal, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
                allow(principal, operation));
    }

    private static AclBinding prefixed(ResourceType type, String prefix, String principal, AclOperation operation) {
        return new AclBinding(new ResourcePattern(type, prefix, PatternType.PREFIXED), allow(principal, operation));
    }

    private static AccessControlEntry allow(String principal, AclOperation operation) {
        return new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW);
    }
}
