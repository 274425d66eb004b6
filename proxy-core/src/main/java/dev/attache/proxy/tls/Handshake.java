package dev.attache.proxy.tls;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.tls.hello.ClientHello;
import dev.attache.proxy.tls.hello.TlsProblem;
import dev.attache.proxy.tls.secret.EcdsaCurves;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.KeyLog;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handshake: sits behind the SSL handler until it is over, tells the connection's info and the
 * listener how it went, and leaves the pipeline. Loop-confined.
 *
 * <p>Longer than files here should be: the steps of both sides tell of the same end.
 */
final class Handshake extends ChannelInboundHandlerAdapter {

    /** BoringSSL's text in Netty's exceptions: hex code, library, reason. */
    private static final Pattern BORINGSSL =
            Pattern.compile(
                    "error:([0-9a-f]{8}):((?:SSL routines|Cipher functions):OPENSSL_internal:[A-Z0-9_]+)");

    private static final String BAD_DECRYPT = "Cipher functions:OPENSSL_internal:BAD_DECRYPT";

    /** What BoringSSL says on top of it. */
    private static final String BAD_RECORD =
            "|268435595:SSL routines:OPENSSL_internal:DECRYPTION_FAILED_OR_BAD_RECORD_MAC";

    /** BoringSSL's reasons from here on are alerts of the peer. */
    private static final int ALERTS = 1000;

    private static final String SSL_HANDLER = "attache.tls";

    private static final String VERIFY_FAILED =
            "268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
    private static final String NO_CLIENT_CERTIFICATE =
            "SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE";

    private static final String NO_CLIENT_CERTIFICATE_DATA =
            ":peer did not provide required client certificate";

    /** What BoringSSL makes of ECONNRESET. */
    private static final String RESET =
            "TLS_error:|33554536:system library:OPENSSL_internal:Connection reset by peer"
                    + ":TLS_error_end";

    private static final String ALERT_HANDSHAKE_FAILURE = ":SSLV3_ALERT_HANDSHAKE_FAILURE";

    /** What BoringSSL adds to that alert where it answers a ClientHello. */
    private static final String ON_CLIENT_HELLO =
            "|268435610:SSL routines:OPENSSL_internal:HANDSHAKE_FAILURE_ON_CLIENT_HELLO";

    private static final String SHUT_DOWN =
            "|268435650:SSL routines:OPENSSL_internal:PROTOCOL_IS_SHUTDOWN:TLS_error_end";

    private static final Logger FAULTS = LoggerFactory.getLogger("connection");

    private static final ComponentLog LOG = ComponentLog.CONNECTION;

    private final SslHandler ssl;
    private final ConnectionInfo info;
    private final WorkerContext worker;
    private final TransportListener listener;
    private final TlsStats stats;
    private final PeerVerifier verifier;
    private final List<String> sanOverrides;
    private final @Nullable KeyLog keyLog;
    private final TlsVersion maxVersion;
    private final @Nullable FirstBytes firstBytes;

    private boolean inOwnPipeline;
    private boolean validated;
    private boolean done;
    private boolean peerShowedCertificate;
    private @Nullable String verifyFailure;
    private @Nullable Identity only;
    private IdentityKeyManager.@Nullable Choice choice;

    Handshake(
            SslHandler ssl,
            ConnectionInfo info,
            WorkerContext worker,
            TransportListener listener,
            TlsStats stats,
            PeerVerifier verifier,
            List<String> sanOverrides,
            TlsParams params,
            @Nullable FirstBytes firstBytes) {
        this.ssl = ssl;
        this.info = info;
        this.worker = worker;
        this.listener = listener;
        this.stats = stats;
        this.verifier = verifier;
        this.sanOverrides = sanOverrides;
        this.keyLog = params.keyLog();
        this.maxVersion = params.maxVersion();
        this.firstBytes = firstBytes;
    }

    /**
     * The only certificate that may be shown here. A resumed handshake shows none, and who asks for
     * ours is told of this one, as BoringSSL tells.
     */
    Handshake shows(@Nullable Identity identity) {
        only = identity;
        return this;
    }

    /** Adds SSL handler and itself; the handshake begins at once when the channel is active. */
    void start(Channel channel) {
        // Envoy bounds handshakes by transport_socket_connect_timeout and connect_timeout only.
        ssl.setHandshakeTimeoutMillis(0);
        Handshakes.begin(ssl.engine(), this);
        if (firstBytes != null) {
            // What BoringSSL says before anything is negotiated.
            info.tlsVersionSoFar("TLSv1.2");
            firstBytes.tell(this);
            channel.pipeline().addLast("attache.first-bytes", firstBytes);
        }
        String before =
                channel.hasAttr(ClientTransport.BEFORE)
                        ? channel.attr(ClientTransport.BEFORE).get()
                        : null;
        inOwnPipeline = before == null;
        if (before == null) {
            channel.pipeline().addLast(SSL_HANDLER, ssl).addLast("attache.handshake", this);
        } else {
            channel.pipeline()
                    .addBefore(before, SSL_HANDLER, ssl)
                    .addBefore(before, "attache.handshake", this);
        }
    }

    List<String> sanOverrides() {
        return sanOverrides;
    }

    /** The server's certificate is about to be shown: the version is known. */
    IdentityKeyManager.@Nullable Choice choosing(long pointer) {
        info.tlsVersionSoFar(SSL.getVersion(pointer));
        return choice;
    }

    /**
     * A client's ClientHello is whole, and BoringSSL has not seen it yet.
     *
     * @return false if the handshake has been refused
     */
    boolean onClientHello(
            ChannelHandlerContext ctx, ClientHello hello, IdentityKeyManager certificates) {
        long pointer = ((ReferenceCountedOpenSslEngine) ssl.engine()).sslPointer();
        choice =
                certificates.choose(
                        hello,
                        () -> EcdsaCurves.of(hello, maxVersion, () -> SSL.getCiphers(pointer)));
        stats.stapling(choice.stapling());
        if (choice.stapling() != IdentityKeyManager.Stapling.FAILED) {
            certificates.tune(choice, pointer);
            return true;
        }
        refused(ctx, TlsProblem.CONNECTION_REJECTED);
        return false;
    }

    private void refused(ChannelHandlerContext ctx, TlsProblem why) {
        done = true;
        Handshakes.end(ssl.engine());
        byte[] alert = why.alertRecord();
        if (alert != null) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(alert));
        }
        stats.connectionError.inc();
        tell("TLS_error:|" + why.inHandshake() + ":TLS_error_end");
        listener.onTransportFailed();
        ctx.close();
    }

    /**
     * The peer has shown a certificate.
     *
     * @throws CertificateException if it is refused
     */
    void verify(X509Certificate[] chain, boolean peerIsServer) throws CertificateException {
        peerShowedCertificate = true;
        try {
            verifier.check(chain, this, peerIsServer);
        } catch (CertificateException e) {
            if (verifyFailure == null) {
                unverified(e);
            }
            throw e;
        } catch (RuntimeException e) {
            FAULTS.warn("a peer's certificate could not be verified", e);
            unverified(e);
            throw new CertificateException(e);
        }
    }

    /** Neither good nor bad by the rules: one that cannot be read, or a fault of ours. */
    private void unverified(Exception why) {
        stats.failVerifyError.inc();
        verifyFailure("verify cert failed: " + why.getClass().getSimpleName());
    }

    void validated(boolean value) {
        this.validated = value;
    }

    void verifyFailure(String details) {
        this.verifyFailure = details;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        if (done) {
            return;
        }
        done = true;
        Handshakes.end(ssl.engine());
        if (completion.isSuccess()) {
            succeeded(ctx);
        } else {
            failed(ctx, completion.cause());
        }
    }

    private void succeeded(ChannelHandlerContext ctx) {
        ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) ssl.engine();
        long pointer = engine.sslPointer();
        boolean reused = SSL.isSessionReused(pointer);
        FinishedHandshake result =
                FinishedHandshake.of(engine, peerShowedCertificate || reused, validated, only);
        info.tls(result, worker.nanoTime());
        String signature = PeerSignature.of(result, engine.getUseClientMode());
        stats.finished(result, signature, reused);
        if (!result.peerCertificatePresented()) {
            stats.noCertificate.inc();
        }
        if (keyLog != null) {
            logKeys(engine, keyLog);
        }
        if (inOwnPipeline) {
            ctx.pipeline()
                    .addAfter(
                            ctx.name(),
                            null,
                            new CloseNotify(engine, SSL_HANDLER, this::failedLater))
                    .remove(this);
        } else {
            ctx.pipeline().remove(this);
        }
        listener.onTransportReady();
    }

    /** Netty looks at record headers before BoringSSL can, which would say why with an alert. */
    private static boolean noRecord(Throwable cause) {
        return cause instanceof NotSslRecordException
                || String.valueOf(cause.getMessage()).startsWith("Illegal packet length");
    }

    private void alert(ChannelHandlerContext ctx) {
        byte[] alert =
                firstBytes == null ? null : TlsProblem.ofStart(firstBytes.start()).alertRecord();
        if (alert != null) {
            ctx.pipeline().context(ssl).writeAndFlush(Unpooled.wrappedBuffer(alert));
        }
    }

    private void failed(ChannelHandlerContext ctx, Throwable cause) {
        if (noRecord(cause)) {
            alert(ctx);
        }
        String reason = reason(cause, verifyFailure, firstBytes == null ? "" : firstBytes.start());
        if (reason != null
                && reason.contains(ALERT_HANDSHAKE_FAILURE)
                && firstBytes == null
                && !peerShowedCertificate) {
            reason = reason.replace(":TLS_error_end", ON_CLIENT_HELLO + ":TLS_error_end");
        }
        if (reason != null) {
            // What has a counter of its own is not an error of the connection, too.
            if (reason.contains(NO_CLIENT_CERTIFICATE)) {
                stats.failVerifyNoCert.inc();
            } else if (verifyFailure == null) {
                stats.connectionError.inc();
            }
            tell(reason);
        }
        listener.onTransportFailed();
        ctx.close();
    }

    /**
     * After the handshake: a bad record, or an alert as of a server that wants a certificate. As in
     * Envoy, an error of our own is met once more when the connection is shut down, and a client's
     * is the reason why its connection failed.
     */
    private void failedLater(Throwable cause, boolean alerted) {
        stats.connectionError.inc();
        String reason = reason(cause, null, "");
        if (alerted || isOurs(cause)) {
            stats.connectionError.inc();
            reason += SHUT_DOWN;
        }
        if (reason == null) {
            return;
        }
        if (firstBytes == null) {
            log(reason);
        } else {
            tell(reason);
        }
    }

    /** Whether BoringSSL found the error itself, and has alerted the peer. */
    private static boolean isOurs(Throwable cause) {
        Matcher matcher = BORINGSSL.matcher(String.valueOf(cause.getMessage()));
        return matcher.find() && (Long.parseLong(matcher.group(1), 16) & 0xfff) < ALERTS;
    }

    private void tell(String reason) {
        info.transportFailureReason(reason);
        log(reason);
    }

    private void log(String reason) {
        if (LOG.debug()) {
            LOG.debug(
                    ComponentLog.tags(info.id())
                            + "remote address:"
                            + info.remoteAddress()
                            + ","
                            + reason);
        }
    }

    /** Envoy's {@code TLS_error:|…:TLS_error_end}, or null when the peer merely went away. */
    static @Nullable String reason(
            Throwable cause, @Nullable String verifyFailure, String firstBytes) {
        if (verifyFailure != null) {
            return "TLS_error:|" + VERIFY_FAILED + ":" + verifyFailure + ":TLS_error_end";
        }
        if (noRecord(cause)) {
            return "TLS_error:|" + TlsProblem.ofStart(firstBytes).inHandshake() + ":TLS_error_end";
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            Matcher matcher = BORINGSSL.matcher(String.valueOf(t.getMessage()));
            if (matcher.find()) {
                String words = matcher.group(2);
                return "TLS_error:|"
                        + Long.parseLong(matcher.group(1), 16)
                        + ":"
                        + words
                        + (words.equals(NO_CLIENT_CERTIFICATE) ? NO_CLIENT_CERTIFICATE_DATA : "")
                        + (words.equals(BAD_DECRYPT) ? BAD_RECORD : "")
                        + ":TLS_error_end";
            }
        }
        if (cause instanceof java.nio.channels.ClosedChannelException
                || cause instanceof IOException && !(cause instanceof SSLException)) {
            return null;
        }
        return "TLS_error:|" + cause.getMessage() + ":TLS_error_end";
    }

    /** NSS key log; BoringSSL through this binding gives us the secret of TLS 1.2 only. */
    private void logKeys(ReferenceCountedOpenSslEngine engine, KeyLog sink) {
        if (!engine.getSession().getProtocol().equals("TLSv1.2")) {
            return;
        }
        long pointer = engine.sslPointer();
        java.util.HexFormat hex = java.util.HexFormat.of();
        sink.log(
                info.localAddress(),
                info.remoteAddress(),
                "CLIENT_RANDOM "
                        + hex.formatHex(SSL.getClientRandom(pointer))
                        + " "
                        + hex.formatHex(SSL.getMasterKey(pointer)));
    }

    /** The peer's chain from the session, leaf first; empty where there is none. */
    static java.security.cert.Certificate[] peerChain(ReferenceCountedOpenSslEngine engine) {
        try {
            return engine.getSession().getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return new java.security.cert.Certificate[0];
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        Handshakes.end(ssl.engine());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (done) {
            // The SSL handler reports the failed handshake a second time this way.
            return;
        }
        if (cause instanceof IOException && !(cause instanceof SSLException)) {
            // Before others hear of it, who write logs.
            tell(RESET);
        }
        ctx.fireExceptionCaught(cause);
    }
}
