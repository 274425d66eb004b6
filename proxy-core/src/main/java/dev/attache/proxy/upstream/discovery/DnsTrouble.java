package dev.attache.proxy.upstream.discovery;

import io.netty.handler.codec.dns.DnsResponseCode;
import java.net.UnknownHostException;

/** Why a name leads nowhere, in the words that Envoy's resolver has for it. */
enum DnsTrouble {
    NO_DATA("cares_norecords:DNS server returned answer with no data"),
    NO_SUCH_NAME("cares_norecords:Domain name not found"),
    NO_NAME("cares_failure:Misformatted domain name"),
    MISFORMATTED_QUERY("cares_failure:DNS server claims query was misformatted"),
    SERVER_FAILURE("cares_failure:DNS server returned general failure"),
    NOT_IMPLEMENTED("cares_failure:DNS server does not implement requested operation"),
    REFUSED("cares_failure:DNS server refused query"),
    TIMEOUT("cares_failure:Timeout while contacting DNS servers");

    private final String text;

    DnsTrouble(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static DnsTrouble of(DnsResponseCode code) {
        return switch (code.intValue()) {
            case 1 -> MISFORMATTED_QUERY;
            case 3 -> NO_SUCH_NAME;
            case 4 -> NOT_IMPLEMENTED;
            case 5 -> REFUSED;
            default -> SERVER_FAILURE;
        };
    }

    static DnsTrouble of(Throwable why) {
        return why instanceof Failure failure ? failure.trouble : TIMEOUT;
    }

    /** A failure of which more is known than that nobody answered. */
    static final class Failure extends UnknownHostException {
        private static final long serialVersionUID = 1L;
        private final DnsTrouble trouble;

        Failure(DnsTrouble trouble, String message) {
            super(message);
            this.trouble = trouble;
        }
    }
}
