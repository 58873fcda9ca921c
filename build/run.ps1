# Windows: runs the main job, docs/samples/QuickStart. Arguments go to the program.
$ErrorActionPreference = 'Stop'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Host "missing: the .NET 10 SDK. Get it from https://dot.net/download; 'dotnet' has to be on the PATH."
    exit 1
}

$root = Split-Path -Parent $PSScriptRoot
$arguments = @('run', '--project', (Join-Path $root 'docs/samples/QuickStart'), '-c', 'Release', '--') + $args
& dotnet $arguments
exit $LASTEXITCODE
