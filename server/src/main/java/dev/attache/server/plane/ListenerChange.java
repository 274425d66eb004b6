package dev.attache.server.plane;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How one version of a listener differs from the version before. Pure. */
final class ListenerChange {

    private ListenerChange() {}

    /**
     * Whether nothing but filter chains differs, so that chains which are the same keep their
     * connections. The order of lists does not matter, as with Envoy.
     */
    static boolean onlyChains(Listener before, Listener after) {
        return same(withoutChains(before), withoutChains(after));
    }

    private static Listener withoutChains(Listener listener) {
        return listener.toBuilder()
                .clearFilterChains()
                .clearDefaultFilterChain()
                .clearFilterChainMatcher()
                .build();
    }

    private static boolean same(Message before, Message after) {
        if (before.equals(after)) {
            return true;
        }
        Set<FieldDescriptor> fields = new HashSet<>(before.getAllFields().keySet());
        fields.addAll(after.getAllFields().keySet());
        return fields.stream()
                .allMatch(field -> sameValue(field, before.getField(field), after.getField(field)));
    }

    private static boolean sameValue(FieldDescriptor field, Object before, Object after) {
        if (field.isRepeated()) {
            return sameSet((List<?>) before, (List<?>) after);
        }
        return sameItem(before, after);
    }

    private static boolean sameSet(List<?> before, List<?> after) {
        return before.size() == after.size()
                && before.stream().allMatch(item -> contains(after, item))
                && after.stream().allMatch(item -> contains(before, item));
    }

    private static boolean contains(List<?> items, Object wanted) {
        return items.stream().anyMatch(item -> sameItem(item, wanted));
    }

    private static boolean sameItem(Object before, Object after) {
        return before instanceof Message left && after instanceof Message right
                ? same(left, right)
                : before.equals(after);
    }
}
