package dev.attache.proxy.listener.filter;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import java.util.List;

/** {@code ListenerFilterChainMatchPredicate}. Immutable. */
public sealed interface ListenerFilterPredicate {

    boolean matches(ConnectionInfo connection);

    record AnyMatch() implements ListenerFilterPredicate {
        @Override
        public boolean matches(ConnectionInfo connection) {
            return true;
        }
    }

    record Not(ListenerFilterPredicate rule) implements ListenerFilterPredicate {
        @Override
        public boolean matches(ConnectionInfo connection) {
            return !rule.matches(connection);
        }
    }

    record And(List<ListenerFilterPredicate> rules) implements ListenerFilterPredicate {
        public And {
            rules = List.copyOf(rules);
        }

        @Override
        public boolean matches(ConnectionInfo connection) {
            for (int i = 0; i < rules.size(); i++) {
                if (!rules.get(i).matches(connection)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Or(List<ListenerFilterPredicate> rules) implements ListenerFilterPredicate {
        public Or {
            rules = List.copyOf(rules);
        }

        @Override
        public boolean matches(ConnectionInfo connection) {
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i).matches(connection)) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * The (restored) destination port is in {@code [start, end)}. A destination that is no IP
     * address has every port, as in Envoy.
     */
    record DestinationPort(int start, int end) implements ListenerFilterPredicate {
        @Override
        public boolean matches(ConnectionInfo connection) {
            return !(connection.localAddress() instanceof IpAddress ip)
                    || (ip.port() >= start && ip.port() < end);
        }
    }
}
