package dev.attache.agent.onboard.start;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine that this runs on. Stateless. */
final class ThisMachine implements StartSettings.Here {

    /** IPv4 before IPv6, interfaces in the kernel's order, as {@code hostname} prints them. */
    @Override
    public String firstAddress() throws IOException {
        List<InetAddress> all = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp() && !each.isLoopback()) {
                all.addAll(each.inetAddresses().toList());
            }
        }
        all.removeIf(InetAddress::isLinkLocalAddress);
        return all.stream()
                .filter(address -> !(address instanceof Inet6Address))
                .findFirst()
                .or(() -> all.stream().findFirst())
                .map(InetAddress::getHostAddress)
                .map(text -> text.replaceFirst("%.*", ""))
                .orElse("");
    }

    @Override
    public String shortName() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return name.replaceFirst("\\..*", "");
    }
}
