package dev.attache.agent.relay;

import java.io.IOException;

/**
 * Takes resources of a type that is the agent's and not the proxy's. Called on the thread of the
 * stream to the control plane, one at a time.
 */
@FunctionalInterface
public interface OwnResource {

    /** The table of names. */
    String NAME_TABLE = "type.googleapis.com/istio.networking.nds.v1.NameTable";

    /** The mesh's settings for this proxy, of which the agent uses the roots. */
    String PROXY_CONFIG = "type.googleapis.com/istio.mesh.v1alpha1.ProxyConfig";

    /**
     * Takes the first resource of a response; there is one of each of these types.
     *
     * @param resource the message's bytes, without its {@code Any}
     * @throws IOException if it cannot be used: refused with this text
     */
    void take(byte[] resource) throws IOException;
}
