package dev.attache.agent.bootstrap.template.function;

/** What is not there: no value at all, other than {@code nil}. */
public enum Absent {
    VALUE
}
