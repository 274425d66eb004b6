package dev.attache.filters.rbac;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderLines;
import dev.attache.proxy.log.ComponentLog;

/** What the component {@code rbac} says of a decision: who asked, and what came of it. */
public final class RbacLog {

    private static final ComponentLog LOG = ComponentLog.RBAC;

    private RbacLog() {}

    /** A request or a connection is about to be looked at. */
    public static void checking(Facts facts) {
        if (LOG.debug()) {
            boolean request = !facts.headers().isEmpty();
            LOG.debug(
                    (request ? "checking request: " : "checking connection: ")
                            + client(facts)
                            + (request ? ", headers: " + HeaderLines.of(facts.headers()) : "")
                            + ", dynamicMetadata: "
                            + facts.dynamicMetadata().snapshot().filterMetadata());
        }
    }

    private static String client(Facts facts) {
        ConnectionInfo connection = facts.connection();
        return "requestedServerName: "
                + ConnectionCheck.ServerName.name(facts)
                + ", sourceIP: "
                + connection.remoteAddress()
                + ", directRemoteIP: "
                + connection.directRemoteAddress()
                + ", remoteIP: "
                + facts.remoteAddress()
                + ", localAddress: "
                + connection.localAddress()
                + ", ssl: "
                + names(connection);
    }

    private static String names(ConnectionInfo connection) {
        TlsInfo tls = connection.tls();
        if (tls == null) {
            return "none";
        }
        CertificateNames names = tls.peerNames();
        return names == null
                ? "uriSanPeerCertificate: , dnsSanPeerCertificate: , subjectPeerCertificate: "
                : "uriSanPeerCertificate: "
                        + String.join(",", names.uriSans())
                        + ", dnsSanPeerCertificate: "
                        + String.join(",", names.dnsSans())
                        + ", subjectPeerCertificate: "
                        + names.subject();
    }

    static void decided(Verdict verdict) {
        if (LOG.debug()) {
            LOG.debug(
                    (verdict.mode() == Verdict.Mode.SHADOW ? "shadow " : "enforced ")
                            + (verdict.allowed() ? "allowed" : "denied")
                            + ", matched policy "
                            + (verdict.policy().isEmpty() ? "none" : verdict.policy()));
        }
    }

    /** Nothing is enforced. */
    public static void noEngine() {
        if (LOG.debug()) {
            LOG.debug("no engine, allowed by default");
        }
    }
}
