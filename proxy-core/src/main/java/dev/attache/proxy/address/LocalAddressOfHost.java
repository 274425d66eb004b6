package dev.attache.proxy.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;

/**
 * The address that stands for this host where a loopback peer would say nothing, as Envoy's local
 * info has it: the first that is not loopback, else 127.0.0.1. Found once.
 */
public final class LocalAddressOfHost {

    public static final IpAddress V4 = find();

    private LocalAddressOfHost() {}

    private static IpAddress find() {
        try {
            for (NetworkInterface device :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(device.getInetAddresses())) {
                    if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                        return new IpAddress(address, 0);
                    }
                }
            }
        } catch (SocketException e) {
            return new IpAddress(InetAddress.getLoopbackAddress(), 0);
        }
        return new IpAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
