package dev.attache.agent.status.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the application is, and where probes come from.
 *
 * @param host the workload's address, or {@code localhost}
 * @param source 127.0.0.6 or ::6, which interception passes by
 * @param statusPort of the agent, which probes name where they mean the application
 */
public record ProbeTarget(String host, InetAddress source, int statusPort) {

    private static final byte[] V4 = {127, 0, 0, 6};
    private static final byte[] V6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6};

    /**
     * By the workload's address.
     *
     * @param address of the variable INSTANCE_IP; may be empty
     * @param v6Only whether the workload has addresses of IPv6 only
     * @param localhost whether probes go to {@code localhost}, as they once did
     */
    public static ProbeTarget of(
            String address, boolean v6Only, boolean localhost, int statusPort) {
        boolean v6 = v6Only || (address.indexOf(':') >= 0 && !address.startsWith("fe80:"));
        String host = localhost || address.isEmpty() ? "localhost" : address;
        try {
            return new ProbeTarget(host, InetAddress.getByAddress(v6 ? V6 : V4), statusPort);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
