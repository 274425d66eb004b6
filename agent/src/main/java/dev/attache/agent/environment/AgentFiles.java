package dev.attache.agent.environment;

import java.nio.file.Path;

/**
 * Where the agent's files are. Istio's agent names them relative to its working directory, which is
 * {@code /} in an image and under systemd; so does this one. Immutable; any thread.
 *
 * @param directory the working directory
 */
public record AgentFiles(Path directory) {

    /** Those of this process. */
    public static AgentFiles ofProcess() {
        return new AgentFiles(Path.of(""));
    }

    /** A file by the name that configuration gives it: relative ones are below the directory. */
    public Path at(String name) {
        return directory.resolve(name).normalize();
    }

    /** The token that is shown to the control plane and the certificate authority. */
    public Path token() {
        return at("var/run/secrets/tokens/istio-token");
    }

    /** The root that istiod's certificate is checked with. */
    public Path istiodRoot() {
        return at("var/run/secrets/istio/root-cert.pem");
    }

    /** Where the socket of the workload's identity is. */
    public Path identitySocketDirectory() {
        return at("var/run/secrets/workload-spiffe-uds");
    }

    /** The labels of the pod, as the downward API writes them. */
    public Path podLabels() {
        return at("etc/istio/pod/labels");
    }

    /** The annotations of the pod, as the downward API writes them. */
    public Path podAnnotations() {
        return at("etc/istio/pod/annotations");
    }
}
