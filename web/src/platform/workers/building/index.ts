export { BuildRefusal } from './build-refusal';
export { buildInTab, buildOnServer, outputPath, type BuiltWorker, type TabCompiler } from './build-worker';
export { isAssemblyScript, isOfWorker, isWorkerFile, workerFolder, workerFolders, type WorkerFolder, type WorkerLanguage } from './worker-folder';
