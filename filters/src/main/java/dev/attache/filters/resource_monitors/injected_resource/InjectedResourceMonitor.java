package dev.attache.filters.resource_monitors.injected_resource;

import dev.attache.config.overload.ResourceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the pressure, a number from 0 to 1, from a file each time it is asked. */
final class InjectedResourceMonitor implements ResourceMonitor {

    private final Path file;

    InjectedResourceMonitor(Path file) {
        this.file = file;
    }

    @Override
    public double pressure() throws IOException {
        double pressure;
        try {
            pressure = Double.parseDouble(Files.readString(file).strip());
        } catch (NumberFormatException e) {
            throw new IOException("failed to parse injected resource pressure", e);
        }
        if (!(pressure >= 0 && pressure <= 1)) {
            throw new IOException("pressure out of range");
        }
        return pressure;
    }
}
