package dev.attache.filters.rbac;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;

/**
 * In what facts have exact values by which policies can be found. Equal where policies ask for the
 * same. Immutable, any thread.
 */
sealed interface Dimension {

    /** Takes each value that the facts have. */
    interface Search {

        /** Looks at the policies of one value, as octets, up to the best that was found so far. */
        int first(String value, Facts facts, int best);
    }

    /** Searches by each value that the facts have; what is found, or {@code best}. */
    int search(Facts facts, Search search, int best);

    /** How well it tells policies apart, the lower the better. */
    int rank();

    /** A name of the client's certificate: URI SANs, DNS SANs, subject. */
    record PeerName() implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            TlsInfo tls = facts.connection().tls();
            if (tls == null) {
                return best;
            }
            CertificateNames names = tls.peerNames();
            if (names == null) {
                return search.first("", facts, best);
            }
            int found = each(names.uriSans(), facts, search, best);
            found = each(names.dnsSans(), facts, search, found);
            return search.first(Octets.of(names.subject()), facts, found);
        }

        private static int each(List<String> names, Facts facts, Search search, int best) {
            int found = best;
            for (int i = 0; i < names.size(); i++) {
                found = search.first(Octets.of(names.get(i)), facts, found);
            }
            return found;
        }

        @Override
        public int rank() {
            return 0;
        }
    }

    record FilterStateText(String key) implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            FilterState.Value value = facts.filterState().get(key);
            return value == null ? best : search.first(value.serializeAsString(), facts, best);
        }

        @Override
        public int rank() {
            return 0;
        }
    }

    /** A text of dynamic metadata, or one in a list of them. */
    record MetadataText(String namespace, List<String> path) implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            MetadataValue value = facts.dynamicMetadata().get(namespace, path);
            if (value instanceof MetadataValue.Text(String text)) {
                return search.first(Octets.of(text), facts, best);
            }
            int found = best;
            if (value instanceof MetadataValue.Sequence(List<MetadataValue> values)) {
                for (int i = 0; i < values.size(); i++) {
                    if (values.get(i) instanceof MetadataValue.Text(String text)) {
                        found = search.first(Octets.of(text), facts, found);
                    }
                }
            }
            return found;
        }

        @Override
        public int rank() {
            return 0;
        }
    }

    record Path() implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            String path = facts.path();
            return path == null ? best : search.first(path, facts, best);
        }

        @Override
        public int rank() {
            return 1;
        }
    }

    record HeaderValue(HeaderName name) implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            Headers headers = facts.headers();
            int found = best;
            for (int i = headers.indexOf(name); i >= 0; i = headers.indexOf(name, i + 1)) {
                found = search.first(headers.value(i), facts, found);
            }
            return found;
        }

        @Override
        public int rank() {
            return name.equals(HeaderName.METHOD) ? 4 : 1;
        }
    }

    record Ip(AddressPlace place) implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            return place.of(facts) instanceof IpAddress ip
                    ? search.first(ip.host(), facts, best)
                    : best;
        }

        @Override
        public int rank() {
            return 2;
        }
    }

    record ServerName() implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            return search.first(ConnectionCheck.ServerName.name(facts), facts, best);
        }

        @Override
        public int rank() {
            return 2;
        }
    }

    record DestinationPort() implements Dimension {
        @Override
        public int search(Facts facts, Search search, int best) {
            Address local = facts.connection().localAddress();
            return local instanceof IpAddress ip
                    ? search.first(Integer.toString(ip.port()), facts, best)
                    : best;
        }

        @Override
        public int rank() {
            return 3;
        }
    }
}
