package dev.attache.iptables.capture;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the command asks of the machine it runs on before it decides on rules. */
public interface Host extends Names {
    /** The process environment. */
    Map<String, String> environment();

    /**
     * Local addresses in the kernel's order: IPv4 of every interface, then IPv6.
     *
     * @throws IOException if the kernel does not tell
     */
    List<IpAddress> addresses() throws IOException;

    /**
     * The name servers of resolv.conf as written.
     *
     * @throws IOException if the file cannot be read
     */
    List<String> nameServers() throws IOException;
}
