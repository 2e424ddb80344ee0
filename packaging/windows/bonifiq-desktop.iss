; The installer for Windows; packaging/windows/installer.py makes its parts and runs the compiler.
; For the user who runs it, without an administrator. It writes a new folder under versions\ and switches to it at the
; end (docs/adr/0009-version-folders.md), so that a program that runs goes on, and an interrupted setup changes nothing.
; The shop's data is in %LOCALAPPDATA%\BonifiQ Desktop: only a person who answers the uninstaller's question removes it.

#ifndef Version
  #error Say which version: installer.py does
#endif
#ifndef NumericVersion
  #define NumericVersion Version
#endif
#define AppId "{7F0C3C0A-5B0E-4C56-9D0B-3C1B1F6E2A41}"
#define UninstallKey "Software\Microsoft\Windows\CurrentVersion\Uninstall\" + AppId + "_is1"
; Folders, seen from this file: the packaged program, and what installer.py made.
#ifndef Program
  #define Program "..\..\dist\bonifiq-desktop"
#endif
#ifndef Parts
  #define Parts "..\..\build\windows\installer"
#endif

[Setup]
AppId={{#AppId}
AppName=BonifiQ Desktop
AppVersion={#Version}
AppPublisher=BonifiQ Desktop
VersionInfoVersion={#NumericVersion}
VersionInfoTextVersion={#Version}
PrivilegesRequired=lowest
DefaultDirName={localappdata}\Programs\BonifiQ Desktop
DisableProgramGroupPage=yes
DisableDirPage=auto
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=bonifiq-desktop-{#Version}-windows-setup
SetupIconFile={#Parts}\bonifiq-desktop.ico
UninstallDisplayIcon={app}\bonifiq-desktop-window.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
; Portuguese on every Windows but an English one, and no question about it.
ShowLanguageDialog=no
; Nothing is closed and nothing waits for a restart of Windows: no file in use is replaced.
; AppMutex would keep setup from running beside the program: the code below asks for the mutex where it matters.
CloseApplications=no
RestartIfNeededByRun=no
SetupMutex=BonifiQDesktopSetup
; installer.py defines Sign, and tells the compiler the command, where a certificate is configured.
#ifdef Sign
SignTool=sign
SignedUninstaller=yes
#endif

[Languages]
Name: "pt_BR"; MessagesFile: "compiler:Languages\BrazilianPortuguese.isl"
Name: "en"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
pt_BR.AutoStart=Abrir com o Windows
en.AutoStart=Open with Windows
pt_BR.Practise=Praticar no BonifiQ Desktop
en.Practise=Practise in BonifiQ Desktop
pt_BR.Damaged=Uma parte do programa não foi gravada como devia: %1. Nada mudou neste computador; instale de novo.
en.Damaged=A part of the program was not written as it should: %1. Nothing changed on this computer; install again.
pt_BR.InUse=A versão %1 já está aqui, em uso e com defeito. Feche o BonifiQ Desktop e instale de novo.
en.InUse=Version %1 is here already, in use and damaged. Close BonifiQ Desktop and install again.
pt_BR.NextStart=O BonifiQ Desktop está aberto e continua na versão de antes. A versão {#Version} começa na próxima vez que ele for aberto.
en.NextStart=BonifiQ Desktop is open and goes on with the version before. Version {#Version} starts the next time it is opened.
pt_BR.CloseFirst=O BonifiQ Desktop está aberto. Feche o programa antes de desinstalar.
en.CloseFirst=BonifiQ Desktop is open. Close it before it is removed.
pt_BR.RemoveData=O programa foi removido. O histórico, os ajustes e as cópias deste caixa continuam guardados em%n%1%n%nApagar esses dados também? Sem o histórico, uma devolução pode ser feita duas vezes.
en.RemoveData=The program was removed. This till's history, settings and copies are still in%n%1%n%nRemove that data, too? Without the history a return may be refunded twice.

[Tasks]
; Not in a silent installation, unless /MERGETASKS=desktopicon asks for it; the code below ticks it in the window.
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "autostart"; Description: "{cm:AutoStart}"; Flags: unchecked

[InstallDelete]
; The rest of a setup that was interrupted.
Type: filesandordirs; Name: "{app}\versions\{#Version}.new"

[Files]
Source: "{#Parts}\starter\*"; Flags: dontcopy
Source: "{#Program}\*"; DestDir: "{app}\versions\{#Version}.new"; Flags: ignoreversion recursesubdirs uninsneveruninstall
Source: "{#Parts}\manifest.txt"; DestDir: "{app}\versions\{#Version}.new"; Flags: ignoreversion uninsneveruninstall; AfterInstall: ActivateVersion

[Icons]
Name: "{userprograms}\BonifiQ Desktop"; Filename: "{app}\bonifiq-desktop-window.exe"; AppUserModelID: "BonifiQ.Desktop"
Name: "{userprograms}\{cm:Practise}"; Filename: "{app}\bonifiq-desktop-window.exe"; Parameters: "--training"
Name: "{userdesktop}\BonifiQ Desktop"; Filename: "{app}\bonifiq-desktop-window.exe"; AppUserModelID: "BonifiQ.Desktop"; Tasks: desktopicon
Name: "{userstartup}\BonifiQ Desktop"; Filename: "{app}\bonifiq-desktop-window.exe"; AppUserModelID: "BonifiQ.Desktop"; Tasks: autostart

[Run]
Filename: "{app}\bonifiq-desktop-window.exe"; Description: "{cm:LaunchProgram,BonifiQ Desktop}"; Flags: nowait postinstall skipifsilent; Check: MayLaunch

[UninstallDelete]
Type: filesandordirs; Name: "{app}\versions"
Type: filesandordirs; Name: "{app}\starts"
Type: files; Name: "{app}\current.txt"
Type: files; Name: "{app}\current.txt.*"
Type: files; Name: "{app}\bonifiq-desktop*.exe*"
Type: dirifempty; Name: "{app}"

[Code]
const
  ProgramMutex = 'BonifiQDesktopRunning'; { bonifiq_desktop/ui/windows_session.py }
  ReplaceExisting = 1;
  WriteThrough = 8;
  Attempts = 30;
  Pause = 100; { ms: another program may hold a small file for a moment }

function MoveFileEx(Existing, New: String; Flags: DWORD): BOOL;
  external 'MoveFileExW@kernel32.dll stdcall';

function FlushFileBuffers(Handle: THandle): BOOL;
  external 'FlushFileBuffers@kernel32.dll stdcall';

var
  Failure: String; { why the new version was not put in its place; empty when it was }

{ Leave ActivateVersion. An exception by itself would not stop setup, which then reported a success. }
procedure Fail(Text: String);
begin
  Failure := Text;
  Abort;
end;

function IsProgramRunning: Boolean;
begin
  Result := CheckForMutexes(ProgramMutex);
end;

function VersionFolder(Name: String): String;
begin
  Result := ExpandConstant('{app}\versions\') + Name;
end;

function MarkOf(Name, Kind: String): String;
begin
  Result := ExpandConstant('{app}\starts\') + Name + '.' + Kind;
end;

function NewFolder: String;
begin
  Result := VersionFolder('{#Version}.new');
end;

{ The first file of a version that is not as its manifest says; empty when all are. }
function FirstDamagedFile(Folder: String): String;
var
  Lines: TArrayOfString;
  I: Integer;
  Name: String;
begin
  Result := 'manifest.txt';
  if not LoadStringsFromFile(Folder + '\manifest.txt', Lines) or (GetArrayLength(Lines) < 2) then
    exit;
  for I := 0 to GetArrayLength(Lines) - 1 do
    if (Lines[I] <> '') and (Lines[I][1] <> '#') then begin
      Name := Copy(Lines[I], 67, MaxInt);
      Result := Name;
      StringChangeEx(Name, '/', '\', True);
      try
        if CompareText(GetSHA256OfFile(Folder + '\' + Name), Copy(Lines[I], 1, 64)) <> 0 then
          exit;
      except
        exit;
      end;
    end;
  Result := '';
end;

function SameManifest(One, Other: String): Boolean;
begin
  try
    Result := GetSHA256OfFile(One + '\manifest.txt') = GetSHA256OfFile(Other + '\manifest.txt');
  except
    Result := False;
  end;
end;

procedure ReplaceFile(Existing, Target: String);
var
  I: Integer;
begin
  for I := 1 to Attempts do begin
    if MoveFileEx(Existing, Target, ReplaceExisting or WriteThrough) then
      exit;
    Sleep(Pause);
  end;
  Fail(FmtMessage(CustomMessage('Damaged'), [ExtractFileName(Target)]));
end;

{ Put the verified folder in its place. A running program of the same version keeps its folder, when that is sound. }
procedure PlaceVersion;
var
  Folder, Old: String;
begin
  Folder := VersionFolder('{#Version}');
  Old := Folder + '.old';
  if DirExists(Folder) and SameManifest(Folder, NewFolder) and (FirstDamagedFile(Folder) = '') then begin
    DelTree(NewFolder, True, True, True);
    exit;
  end;
  DeleteFile(MarkOf('{#Version}', 'started'));
  DeleteFile(MarkOf('{#Version}', 'good'));
  DelTree(Old, True, True, True);
  if DirExists(Folder) and not RenameFile(Folder, Old) then
    Fail(FmtMessage(CustomMessage('InUse'), ['{#Version}']));
  if not RenameFile(NewFolder, Folder) then
    Fail(FmtMessage(CustomMessage('Damaged'), ['{#Version}']));
  DelTree(Old, True, True, True); { only now: until the rename above there is no other folder of this version }
end;

{ A starter that runs cannot be replaced, and every starter can start every version: the next setup tries again. }
procedure PlaceStarter(Name: String);
var
  Fresh, Target: String;
begin
  Target := ExpandConstant('{app}\') + Name;
  Fresh := Target + '.new';
  ExtractTemporaryFile(Name);
  if not CopyFile(ExpandConstant('{tmp}\') + Name, Fresh, False) then
    Fail(FmtMessage(CustomMessage('Damaged'), [Name]));
  if MoveFileEx(Fresh, Target, ReplaceExisting or WriteThrough) then
    exit;
  DeleteFile(Fresh);
  if not FileExists(Target) then
    Fail(FmtMessage(CustomMessage('Damaged'), [Name]));
end;

function IsUsable(Name: String): Boolean;
begin
  Result := (Name <> '') and (Name <> '{#Version}') and DirExists(VersionFolder(Name));
end;

{ The version to go back to: the one in use, unless it never reported a good start and there is one before it. }
function PreviousVersion: String;
var
  Lines: TArrayOfString;
  Current, Before: String;
begin
  if LoadStringsFromFile(ExpandConstant('{app}\current.txt'), Lines) and (GetArrayLength(Lines) > 0) then begin
    Current := Trim(Lines[0]);
    if GetArrayLength(Lines) > 1 then
      Before := Trim(Lines[1]);
  end;
  Result := '';
  if IsUsable(Current) then
    Result := Current;
  if IsUsable(Before) and not (IsUsable(Current) and FileExists(MarkOf(Current, 'good'))) then
    Result := Before;
end;

procedure WriteCurrent;
var
  Target: String;
  Text: AnsiString;
  Stream: TFileStream;
begin
  Target := ExpandConstant('{app}\current.txt');
  Text := '{#Version}' + #10 + PreviousVersion + #10;
  Stream := TFileStream.Create(Target + '.setup', fmCreate);
  try
    Stream.WriteBuffer(Text, Length(Text));
    FlushFileBuffers(Stream.Handle);
  finally
    Stream.Free;
  end;
  ReplaceFile(Target + '.setup', Target);
end;

procedure ActivateVersion;
var
  Damaged: String;
begin
  try
    Damaged := FirstDamagedFile(NewFolder);
    if Damaged <> '' then
      Fail(FmtMessage(CustomMessage('Damaged'), [Damaged]));
    PlaceVersion;
    PlaceStarter('bonifiq-desktop.exe');
    PlaceStarter('bonifiq-desktop-window.exe');
    WriteCurrent;
  except
    if Failure = '' then
      Failure := GetExceptionMessage;
    DelTree(NewFolder, True, True, True);
    Log(Failure);
    SuppressibleMsgBox(Failure, mbCriticalError, MB_OK, IDOK);
  end;
end;

function MayLaunch: Boolean;
begin
  Result := (Failure = '') and not IsProgramRunning;
end;

{ The exit status of an installation that failed; files are copied too late for setup to stop by itself. }
function GetCustomSetupExitCode: Integer;
begin
  if Failure <> '' then
    Result := 4
  else
    Result := 0;
end;

{ The list of installed programs names the version that starts, not one that was refused. }
procedure CurStepChanged(Step: TSetupStep);
var
  Lines: TArrayOfString;
begin
  if (Step = ssPostInstall) and (Failure <> '') then
    if LoadStringsFromFile(ExpandConstant('{app}\current.txt'), Lines) and (GetArrayLength(Lines) > 0) then
      RegWriteStringValue(HKEY_CURRENT_USER, '{#UninstallKey}', 'DisplayVersion', Trim(Lines[0]));
end;

procedure CurPageChanged(Page: Integer);
begin
  if (Page = wpSelectTasks) and not WizardSilent and not FileExists(ExpandConstant('{app}\current.txt')) then
    WizardSelectTasks('desktopicon');
  if Page = wpFinished then begin
    if Failure <> '' then
      WizardForm.FinishedLabel.Caption := Failure
    else if IsProgramRunning then
      WizardForm.FinishedLabel.Caption := CustomMessage('NextStart');
  end;
end;

function InitializeUninstall: Boolean;
begin
  Result := not IsProgramRunning;
  if not Result then
    SuppressibleMsgBox(CustomMessage('CloseFirst'), mbError, MB_OK, IDOK);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Data: String;
begin
  Data := ExpandConstant('{localappdata}\BonifiQ Desktop');
  if (Step = usPostUninstall) and not UninstallSilent and DirExists(Data) then
    if MsgBox(FmtMessage(CustomMessage('RemoveData'), [Data]), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
      DelTree(Data, True, True, True);
end;
