package dev.attache.agent.control;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a server did not do what was asked, for whoever has to mend it. Immutable; any thread.
 *
 * @param kind what it is
 * @param words what happened and what to look at
 */
public record ConnectionFailure(Kind kind, String words) {

    /** What stood in the way, from the name to the answer. */
    public enum Kind {
        NAME_UNKNOWN,
        REFUSED,
        UNREACHABLE,
        SLOW,
        TLS_NAME,
        TLS_EXPIRED,
        TLS_NOT_YET,
        TLS_UNTRUSTED,
        TLS,
        UNAUTHENTICATED,
        FORBIDDEN,
        FILES,
        OTHER
    }

    /** What a failed call or a channel that did not open says about the server. */
    public static ConnectionFailure of(ControlPlane server, Throwable failure) {
        String at = server.address();
        ConnectionFailure transport = transport(server, at, failure);
        if (transport != null) {
            return transport;
        }
        Status status = status(failure);
        if (status == null) {
            return new ConnectionFailure(Kind.FILES, message(failure));
        }
        String said = status.getDescription() == null ? "" : ": " + status.getDescription();
        return switch (status.getCode()) {
            case UNAUTHENTICATED ->
                    new ConnectionFailure(
                            Kind.UNAUTHENTICATED,
                            at + " does not accept who this is" + said + credentials(server));
            case PERMISSION_DENIED ->
                    new ConnectionFailure(Kind.FORBIDDEN, at + " does not allow it" + said);
            case DEADLINE_EXCEEDED ->
                    new ConnectionFailure(Kind.SLOW, at + " did not answer in time" + said);
            default ->
                    new ConnectionFailure(Kind.OTHER, at + " answered " + status.getCode() + said);
        };
    }

    private static @Nullable ConnectionFailure transport(
            ControlPlane server, String at, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            ConnectionFailure found = one(server, at, cause);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable ConnectionFailure one(
            ControlPlane server, String at, Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return new ConnectionFailure(
                    Kind.NAME_UNKNOWN,
                    "the name " + server.host() + " has no address: look at DNS or /etc/hosts");
        }
        if (cause instanceof NoRouteToHostException) {
            return new ConnectionFailure(Kind.UNREACHABLE, "there is no way to " + at);
        }
        if (cause instanceof ConnectException) {
            String text = message(cause);
            return text.toLowerCase(Locale.ROOT).contains("timed out")
                    ? new ConnectionFailure(Kind.SLOW, at + " does not take a connection in time")
                    : new ConnectionFailure(
                            Kind.REFUSED, at + " refuses the connection: nothing listens there");
        }
        if (cause instanceof CertificateException
                || cause instanceof CertPathValidatorException
                || cause instanceof CertPathBuilderException) {
            return certificate(server, at, cause);
        }
        if (cause instanceof SSLException && cause.getCause() == null) {
            return new ConnectionFailure(Kind.TLS, "no TLS with " + at + ": " + message(cause));
        }
        return null;
    }

    private static @Nullable ConnectionFailure certificate(
            ControlPlane server, String at, Throwable cause) {
        String text = message(cause);
        if (cause instanceof CertificateExpiredException) {
            return new ConnectionFailure(
                    Kind.TLS_EXPIRED, "the certificate of " + at + " has expired: " + text);
        }
        if (cause instanceof CertificateNotYetValidException) {
            return new ConnectionFailure(
                    Kind.TLS_NOT_YET,
                    "the certificate of " + at + " is not valid yet, look at this clock: " + text);
        }
        if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
            return new ConnectionFailure(
                    Kind.TLS_NAME,
                    "the certificate of "
                            + at
                            + " is not of "
                            + server.serverName()
                            + " (ISTIOD_SAN names another): "
                            + text);
        }
        return cause.getCause() != null
                ? null
                : new ConnectionFailure(
                        Kind.TLS_UNTRUSTED,
                        "the certificate of "
                                + at
                                + " is not from the roots in "
                                + server.roots().file()
                                + ": "
                                + text);
    }

    private static String credentials(ControlPlane server) {
        Path file = server.token();
        String token =
                file == null
                        ? ""
                        : "; the token is read from "
                                + file
                                + ": "
                                + TokenClaims.words(file, Instant.now());
        ClientCertificate own = server.client();
        return own == null || !Files.exists(own.chain())
                ? token
                : token + "; the certificate is read from " + own.chain();
    }

    private static @Nullable Status status(Throwable failure) {
        return switch (failure) {
            case StatusException e -> e.getStatus();
            case StatusRuntimeException e -> e.getStatus();
            default -> null;
        };
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
