package dev.attache.filters.rbac;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the connection: its addresses, its server name, who the client is. */
sealed interface ConnectionCheck extends Check {

    /** {@code source_ip}, {@code direct_remote_ip}, {@code remote_ip}, {@code destination_ip}. */
    record AddressIn(AddressPlace place, CidrRange range) implements ConnectionCheck {
        @Override
        public boolean holds(Facts facts) {
            return range.contains(place.of(facts));
        }

        @Override
        public List<List<Anchor>> anchors() {
            IpAddress only = new IpAddress(range.prefix(), 0);
            return range.length() == (only.isV6() ? 128 : 32)
                    ? List.of(List.of(new Anchor(new Dimension.Ip(place), only.host())))
                    : List.of();
        }
    }

    /**
     * {@code destination_port}, {@code destination_port_range}.
     *
     * @param end not included
     */
    record PortIn(int start, int end) implements ConnectionCheck {
        @Override
        public boolean holds(Facts facts) {
            return facts.connection().localAddress() instanceof IpAddress ip
                    && start <= ip.port()
                    && ip.port() < end;
        }

        @Override
        public List<List<Anchor>> anchors() {
            return end == start + 1
                    ? List.of(
                            List.of(
                                    new Anchor(
                                            new Dimension.DestinationPort(),
                                            Integer.toString(start))))
                    : List.of();
        }
    }

    /** {@code requested_server_name}; without one the name is empty. */
    record ServerName(StringMatcher matcher) implements ConnectionCheck {
        @Override
        public boolean holds(Facts facts) {
            return matcher.matches(name(facts));
        }

        @Override
        public List<List<Anchor>> anchors() {
            return matcher instanceof StringMatcher.Exact(String name, boolean ignoreCase)
                            && !ignoreCase
                    ? List.of(List.of(new Anchor(new Dimension.ServerName(), name)))
                    : List.of();
        }

        /** The name that the client asked for, as octets. */
        static String name(Facts facts) {
            String name = facts.connection().requestedServerName();
            return name == null ? "" : name;
        }
    }

    /**
     * {@code authenticated}: of a connection with TLS, one of the client's names. Each of the URI
     * names is tried, then each of the DNS names, then the subject, which is empty without a
     * certificate.
     *
     * @param matcher null = TLS is enough
     */
    record Authenticated(@Nullable StringMatcher matcher) implements ConnectionCheck {
        @Override
        public boolean holds(Facts facts) {
            TlsInfo tls = facts.connection().tls();
            if (tls == null || matcher == null) {
                return tls != null;
            }
            CertificateNames names = tls.peerNames();
            return names == null
                    ? matcher.matches("")
                    : any(matcher, names.uriSans())
                            || any(matcher, names.dnsSans())
                            || matcher.matches(Octets.of(names.subject()));
        }

        private static boolean any(StringMatcher matcher, List<String> names) {
            for (int i = 0; i < names.size(); i++) {
                if (matcher.matches(Octets.of(names.get(i)))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public List<List<Anchor>> anchors() {
            return matcher instanceof StringMatcher.Exact(String name, boolean ignoreCase)
                            && !ignoreCase
                    ? List.of(List.of(new Anchor(new Dimension.PeerName(), name)))
                    : List.of();
        }
    }
}
