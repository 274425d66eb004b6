package dev.attache.agent.sds;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxy's stream: what it has subscribed to, and what it was last sent. Any thread. */
final class SecretStream implements StreamObserver<DiscoveryRequest> {

    private static final Logger LOG = LoggerFactory.getLogger("agent.sds");
    private static final Logger REQUESTS = LoggerFactory.getLogger("agent.ads");

    private final SecretService service;
    private final SecretSource source;
    private final StreamObserver<DiscoveryResponse> answers;
    private Set<String> subscribed = Set.of();
    private final Map<String, Secret> sent = new HashMap<>();
    private String nonce = "";
    private boolean ended;

    SecretStream(
            SecretService service, SecretSource source, StreamObserver<DiscoveryResponse> answers) {
        this.service = service;
        this.source = source;
        this.answers = answers;
    }

    @Override
    public synchronized void onNext(DiscoveryRequest request) {
        if (request.hasErrorDetail()) {
            REQUESTS.warn(
                    "ADS:SDS: ACK ERROR {} {}",
                    request.getResourceNamesList(),
                    request.getErrorDetail().getMessage());
            return;
        }
        Set<String> asked = new HashSet<>(request.getResourceNamesList());
        if (!request.getResponseNonce().isEmpty() && !request.getResponseNonce().equals(nonce)) {
            return; // about a response that another has replaced
        }
        Set<String> fresh = new HashSet<>(asked);
        if (!request.getResponseNonce().isEmpty()) {
            fresh.removeAll(subscribed);
        }
        subscribed = asked;
        sent.keySet().retainAll(subscribed);
        sent.keySet().removeAll(fresh);
        send(fresh);
    }

    /** A secret has changed. */
    synchronized void push(String name) {
        if (subscribed.contains(name)) {
            send(Set.of(name));
        }
    }

    private void send(Collection<String> names) {
        List<Secret> found = new ArrayList<>();
        for (String name : names) {
            try {
                Secret secret = source.secret(name);
                if (secret != null && !secret.equals(sent.put(name, secret))) {
                    found.add(secret);
                }
            } catch (IOException e) {
                refuse("failed to generate secret for " + name + ": " + e.getMessage());
                return;
            }
        }
        if (!found.isEmpty() && !ended) {
            DiscoveryResponse response = service.response(found);
            nonce = response.getNonce();
            deliver(response);
        }
    }

    /** A proxy that has just gone is no reason for the others, or the identity, to fail. */
    private void deliver(DiscoveryResponse response) {
        try {
            answers.onNext(response);
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("a stream of secrets has ended before its answer: {}", e.toString());
            end();
        }
    }

    /** The proxy asks again after a pause, which is as often as the files are tried. */
    private void refuse(String words) {
        if (!ended) {
            LOG.warn("{}", words);
            end();
            answers.onError(Status.UNKNOWN.withDescription(words).asRuntimeException());
        }
    }

    @Override
    public synchronized void onError(Throwable failure) {
        end();
    }

    @Override
    public synchronized void onCompleted() {
        if (!ended) {
            end();
            answers.onCompleted();
        }
    }

    private void end() {
        ended = true;
        service.ended(this);
    }
}
