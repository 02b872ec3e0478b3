package dev.cloche.apps;

/**
 * The engine in the tab for which apps are published.
 *
 * @param pyodide the version of Pyodide
 * @param python the version of Python in it
 */
public record EngineVersions(String pyodide, String python) {}
