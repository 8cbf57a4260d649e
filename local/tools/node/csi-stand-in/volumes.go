package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
)

// accessPoint answers the directory that an access point leads to, by a volume's handle: FILE-SYSTEM::ACCESS-POINT. It is made when
// it is mounted first. https://docs.aws.amazon.com/efs/latest/ug/enforce-root-directory-access-point.html
func (it *driver) accessPoint(request *csi.NodePublishVolumeRequest) (string, error) {
	_, id, isFound := strings.Cut(request.VolumeId, "::")
	if !isFound {
		return "", fmt.Errorf("the handle must be FILE-SYSTEM::ACCESS-POINT, got %s", request.VolumeId)
	}
	found, err := find(it.records, id)
	if err != nil {
		return "", err
	}
	root := found.Properties.RootDirectory
	permissions, err := found.permissions()
	if err != nil {
		return "", err
	}
	owner := owner{root.CreationInfo.OwnerUID, root.CreationInfo.OwnerGID}
	return makeDirectory(filepath.Join(it.volumes, found.Properties.FileSystemID, root.Path), permissions, owner)
}

// bucket answers the directory that stands for a bucket, or for what begins with a prefix in it. Mountpoint's options say whose it
// is: https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md
func (it *driver) bucket(request *csi.NodePublishVolumeRequest) (string, error) {
	name := request.VolumeContext["bucketName"]
	if name == "" {
		return "", fmt.Errorf("the volume must name its bucket")
	}
	options := map[string]string{}
	for _, flag := range request.VolumeCapability.GetMount().GetMountFlags() {
		flag = strings.TrimPrefix(flag, "--")
		// The first of both ends the name: a value may have the other.
		end := strings.IndexAny(flag, "= ")
		if end < 0 {
			options[flag] = ""
			continue
		}
		options[flag[:end]] = strings.TrimSpace(flag[end+1:])
	}
	uid, err := idIn(options, "uid")
	if err != nil {
		return "", err
	}
	gid, err := idIn(options, "gid")
	if err != nil {
		return "", err
	}
	return makeDirectory(filepath.Join(it.volumes, name, options["prefix"]), 0o755, owner{uid, gid})
}

// idIn answers the user or group that an option names; where there is none it is root, who mounts.
func idIn(options map[string]string, key string) (int, error) {
	text, isGiven := options[key]
	if !isGiven {
		return 0, nil
	}
	id, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("the mount option %s must be a number from 0 to 4294967295, got %q", key, text)
	}
	return int(id), nil
}

type owner struct{ uid, gid int }

// makeDirectory makes a directory, unless it is there, with its parents: the last is the owner's.
func makeDirectory(directory string, permissions os.FileMode, owner owner) (string, error) {
	if _, err := os.Stat(directory); err == nil {
		return directory, nil
	}
	if err := os.MkdirAll(filepath.Dir(directory), 0o755); err != nil {
		return "", err
	}
	// Two pods may come at once.
	if err := os.Mkdir(directory, 0o700); err != nil && !os.IsExist(err) {
		return "", err
	}
	if err := os.Chown(directory, owner.uid, owner.gid); err != nil {
		return "", err
	}
	return directory, os.Chmod(directory, permissions)
}

// disk answers the file that stands for a disk, by its id. A new one gets a file system.
func (it *driver) disk(id string) (string, error) {
	file := filepath.Join(it.volumes, id)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	found, err := find(it.records, id)
	if err != nil {
		return "", err
	}
	partial := file + ".partial"
	if err := os.WriteFile(partial, nil, 0o600); err != nil {
		return "", err
	}
	// It takes no more of the machine's disk than is written.
	if err := os.Truncate(partial, found.Properties.Size<<30); err != nil {
		return "", err
	}
	if output, err := exec.Command("mkfs.ext4", "-q", "-F", partial).CombinedOutput(); err != nil {
		return "", fmt.Errorf("mkfs.ext4 failed: %w: %s", err, output)
	}
	return file, os.Rename(partial, file)
}
