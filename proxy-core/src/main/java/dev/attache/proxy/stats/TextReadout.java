package dev.attache.proxy.stats;

/** A string that is reported like a stat, e.g. a version. Any thread. */
public final class TextReadout implements Stat {

    private final String name;
    private volatile String value = "";
    private volatile boolean used;

    TextReadout(String name) {
        this.name = name;
    }

    public void set(String newValue) {
        value = newValue;
        used = true;
    }

    public String value() {
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean used() {
        return used;
    }
}
